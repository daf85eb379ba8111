using System;

namespace Zab.Core.Requests;

/// <summary>Questions about an <see cref="OpCode"/>.</summary>
internal static class OpCodes
{
    extension(OpCode op)
    {
        /// <summary>Whether the number is one of the enumeration's.</summary>
        public bool IsKnown => Enum.IsDefined(op);

        /// <summary>Whether the operation becomes a transaction.</summary>
        public bool IsWrite => op.IsCreate || op is OpCode.Delete or OpCode.SetData or OpCode.SetAcl
            or OpCode.Multi or OpCode.DeleteContainer or OpCode.CreateSession or OpCode.CloseSession
            or OpCode.MoveSession;

        /// <summary>Whether the operation creates a node.</summary>
        public bool IsCreate =>
            op is OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl;

        /// <summary>Whether the operation may be part of a multi.</summary>
        public bool IsPartOfMulti =>
            op.IsCreate || op is OpCode.Delete or OpCode.SetData or OpCode.Check;

        /// <summary>Whether the operation may be part of a multi-read.</summary>
        public bool IsPartOfMultiRead => op is OpCode.GetData or OpCode.GetChildren;

        /// <summary>Whether the operation is answered from the state of any server.</summary>
        public bool IsRead => op is OpCode.Exists or OpCode.GetData or OpCode.GetAcl or OpCode.GetChildren
            or OpCode.GetChildren2 or OpCode.MultiRead or OpCode.GetEphemerals
            or OpCode.GetAllChildrenNumber;

        /// <summary>Whether the operation is about what this server keeps for the session: its watches, and
        /// who it is.</summary>
        public bool IsAboutSession => op is OpCode.AddWatch or OpCode.RemoveWatches or OpCode.CheckWatches
            or OpCode.SetWatches or OpCode.SetWatches2 or OpCode.Auth or OpCode.WhoAmI;

        /// <summary>Whether the leader must see the operation; all others are answered by the session's
        /// server.</summary>
        public bool NeedsLeader => !op.IsRead && !op.IsAboutSession;

        /// <summary>Whether a client may ask for it at the top level.</summary>
        public bool IsForClients => op.IsKnown
            && op is not (OpCode.Check or OpCode.DeleteContainer);

        /// <summary>Whether the operation opens a session, or goes on with one, at this server.</summary>
        public bool OpensSession => op is OpCode.CreateSession or OpCode.MoveSession;
    }
}
