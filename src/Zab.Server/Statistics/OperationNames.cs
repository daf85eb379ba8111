using Zab.Core.Requests;

namespace Zab.Server.Statistics;

/// <summary>The short names of operations that ZooKeeper shows. Source: ZooKeeper
/// <c>Request.op2String</c>.</summary>
internal static class OperationNames
{
    /// <summary>The name; <c>NA</c> for none.</summary>
    public static string Of(OpCode operation) => operation switch
    {
        OpCode.Create => "CREA",
        OpCode.Create2 => "CRE2",
        OpCode.CreateContainer => "CREC",
        OpCode.CreateTtl => "CRET",
        OpCode.Delete => "DELE",
        OpCode.Exists => "EXIS",
        OpCode.GetData => "GETD",
        OpCode.SetData => "SETD",
        OpCode.GetAcl => "GETA",
        OpCode.SetAcl => "SETA",
        OpCode.GetChildren => "GETC",
        OpCode.GetChildren2 => "GETC",
        OpCode.Sync => "SYNC",
        OpCode.CreateSession => "SESS",
        OpCode.CloseSession => "CLOS",
        default(OpCode) => "NA",
        _ => operation.ToString(),
    };
}
