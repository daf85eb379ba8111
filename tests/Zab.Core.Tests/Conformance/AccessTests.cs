using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>Who may do what (reference, 3.3).</summary>
public sealed class AccessTests
{
    private static readonly AccessRules s_rules = new(new MadeUpScheme());

    /// <summary>What a client asks for, who it is, and what is stored; null is the open list, "-" is
    /// refused.</summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("cdrwa:world:anyone", null, null)]
    [InlineData("", null, "-")]
    [InlineData("r:world:anyone", null, "r:world:anyone")]
    [InlineData("r:world:someone", null, "-")]
    [InlineData("r:world:", null, "-")]
    [InlineData("r:foo:bar", null, "-")]
    [InlineData("r:super:", null, "-")]
    [InlineData("r:digest:user:hash", null, "r:digest:user:hash")]
    [InlineData("r:digest:user", null, "-")]
    [InlineData("r:digest:a:b:c", null, "-")]
    [InlineData("r:digest::", null, "r:digest::")]
    [InlineData("r:made-up:good", null, "r:made-up:good")]
    [InlineData("r:made-up:bad", null, "-")]
    [InlineData("r:world:anyone, w:foo:bar", null, "-")] // one bad entry spoils the list
    [InlineData("r:world:anyone, r:world:anyone", null, "r:world:anyone")]
    [InlineData("r:world:anyone, w:world:anyone", null, "r:world:anyone, w:world:anyone")]
    [InlineData("cdrwa:auth:", null, "-")]
    [InlineData("cdrwa:auth:", "digest:u:h", "cdrwa:digest:u:h")]
    [InlineData("cdrwa:auth:whatever", "digest:u:h", "cdrwa:digest:u:h")] // the id is not looked at
    [InlineData("rw:auth:", "digest:u:h, digest:v:i", "rw:digest:u:h, rw:digest:v:i")]
    [InlineData("rw:auth:", "made-up:good", "-")] // proves nothing
    [InlineData("rw:auth:", "made-up:good, digest:u:h", "rw:digest:u:h")]
    [InlineData("rw:auth:", "super:", "-")]
    [InlineData("rw:auth:", "unknown:x", "-")]
    [InlineData("r:world:anyone, cdrwa:auth:", "digest:u:h", "r:world:anyone, cdrwa:digest:u:h")]
    [InlineData("rw:auth:, rw:digest:u:h", "digest:u:h", "rw:digest:u:h")] // doubles go
    [InlineData("rw:auth:, rw:auth:", "digest:u:h", "rw:digest:u:h")]
    public void A_list_is_checked_and_expanded_before_it_is_stored(string? asked, string? who, string? stored)
    {
        bool valid = s_rules.TryExpand(Rights.Of(asked), Rights.Who(who), out Acl? expanded);

        Assert.Equal(stored != "-", valid);
        if (valid)
            Assert.Equal(stored is null ? null : Rights.Of(stored), expanded);
    }

    [Theory]
    [InlineData(null, "cdrwa", null, true)]
    [InlineData("", "r", null, true)] // an empty list is open
    [InlineData("r:world:anyone", "r", null, true)]
    [InlineData("r:world:anyone", "w", null, false)]
    [InlineData("r:world:anyone", "ra", null, true)] // one of those that are wanted is enough
    [InlineData("a:world:anyone", "ra", null, true)]
    [InlineData("cdw:world:anyone", "ra", null, false)]
    [InlineData("r:digest:u:h", "r", null, false)]
    [InlineData("r:digest:u:h", "r", "digest:u:h", true)]
    [InlineData("r:digest:u:h", "r", "digest:u:H", false)]
    [InlineData("r:digest:u:h", "r", "made-up:u:h", false)] // the scheme counts
    [InlineData("r:digest:u:h", "w", "digest:u:h", false)]
    [InlineData("r:digest:u:h, w:digest:v:i", "w", "digest:u:h", false)]
    [InlineData("r:digest:u:h, w:digest:v:i", "w", "digest:u:h, digest:v:i", true)]
    [InlineData("r:digest:u:h", "cdrwa", "super:", true)]
    [InlineData("r:digest:u:h", "w", "super:any", true)]
    [InlineData("r:made-up:good", "r", "made-up:good-and-more", true)] // the scheme says who is meant
    [InlineData("r:unknown:x", "r", "unknown:x", false)] // a scheme that this server lacks
    [InlineData(":world:anyone", "r", null, false)]
    public void A_list_lets_through_whom_it_names(string? acl, string wanted, string? who, bool allowed)
    {
        AclPermissions permissions = Rights.Of($"{wanted}:world:anyone")![0].Permissions;

        Assert.Equal(allowed, s_rules.Allows(Rights.Of(acl), permissions, Rights.Who(who)));
    }

    /// <summary>Whether each operation is allowed when the parent, or the node, gives one permission
    /// alone.</summary>
    [Theory]
    [InlineData("create", "p", "c")]
    [InlineData("delete", "p", "d")]
    [InlineData("set", "n", "w")]
    [InlineData("setAcl", "n", "a")]
    [InlineData("check", "n", "r")]
    [InlineData("exists", "n", "r")]
    [InlineData("getData", "n", "r")]
    [InlineData("getChildren", "n", "r")]
    [InlineData("getChildren2", "n", "r")]
    [InlineData("getAllChildrenNumber", "n", "r")]
    [InlineData("getAcl", "n", "ra")]
    public void An_operation_needs_one_permission_of_one_node(string operation, string asks, string needs)
    {
        foreach (char permission in "cdrwa")
        {
            foreach (string given in (string[])["p", "n"])
            {
                Solo solo = new();
                SessionId owner = solo.Open();
                SessionId other = solo.Open();
                solo.Authenticate(owner, new Identity("digest", "o:x"));
                solo.Authenticate(other, new Identity("digest", "u:h"));
                Acl none = Rights.Of("cdrwa:digest:o:x")!;
                Acl one = Rights.Of($"cdrwa:digest:o:x, {permission}:digest:u:h")!;
                Assert.Equal(ErrorCode.Ok, solo.Create(owner, "/p", acl: given == "p" ? one : none));
                Assert.Equal(ErrorCode.Ok, solo.Create(owner, "/p/n", acl: given == "n" ? one : none));

                ErrorCode error = Do(solo, other, operation);

                bool allowed = asks == given && needs.Contains(permission, StringComparison.Ordinal);
                Assert.True(
                    (allowed ? ErrorCode.Ok : ErrorCode.NoAuth) == error,
                    $"{operation} with {permission} on {given}: {error}");
            }
        }
    }

    [Theory]
    [InlineData(null, "cdrwa:world:anyone")]
    [InlineData("r:world:anyone, cdrwa:digest:o:hash", "r:world:anyone, cdrwa:digest:o:x")] // masked
    [InlineData("ra:world:anyone, cdrwa:digest:o:hash", "ra:world:anyone, cdrwa:digest:o:hash")]
    [InlineData("a:world:anyone, cdrwa:digest:o:hash", "a:world:anyone, cdrwa:digest:o:hash")]
    [InlineData("r:digest:u:secret, a:digest:o:hash", "r:digest:u:x, a:digest:o:x")]
    [InlineData("ra:digest:u:secret", "ra:digest:u:secret")]
    public void Hashes_are_shown_only_to_those_who_may_set_the_list(string? acl, string shown)
    {
        Solo solo = new();
        SessionId owner = solo.Open();
        SessionId reader = solo.Open();
        solo.Authenticate(reader, new Identity("digest", "u:secret"));
        Assert.Equal(ErrorCode.Ok, solo.Create(owner, "/n", acl: Rights.Of(acl)));

        ClientReply reply = solo.Read(reader, OpCode.GetAcl, "/n");

        Assert.Equal(ErrorCode.Ok, reply.Error);
        Assert.Equal(Rights.Of(shown), reply.Acl);
        Assert.Equal(solo.StatOf("/n"), reply.Stat);
    }

    [Fact]
    public void Whoever_a_session_becomes_counts_from_its_next_request_on()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        Assert.Empty(solo.Read(session, OpCode.WhoAmI).Identities ?? []);
        Assert.Equal(ErrorCode.InvalidAcl, solo.Create(session, "/mine", acl: Acl.Creator));

        solo.Authenticate(session, new Identity("digest", "u:h"));
        solo.Authenticate(session, new Identity("digest", "v:i"), new Identity("digest", "u:h"));

        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/mine", acl: Acl.Creator));
        Assert.Equal(
            Rights.Of("cdrwa:digest:u:h, cdrwa:digest:v:i"), solo.Read(session, OpCode.GetAcl, "/mine").Acl);
        Assert.Equal(Rights.Who("digest:u:h, digest:v:i"), solo.Read(session, OpCode.WhoAmI).Identities!);
        Assert.Equal(ErrorCode.NoAuth, solo.Read(solo.Open(), OpCode.GetData, "/mine").Error);
    }

    [Fact]
    public void Nobody_sets_the_membership_by_hand()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        solo.Authenticate(session, Identity.Super);

        Assert.Equal(ErrorCode.NoAuth, solo.Set(session, PathRules.ConfigNode, "server.1=evil"));
        Assert.Equal(Acl.ReadOnly, solo.Read(session, OpCode.GetAcl, PathRules.ConfigNode).Acl);
        Assert.Equal(ErrorCode.BadArguments, solo.Delete(session, PathRules.ConfigNode));
    }

    private static ErrorCode Do(Solo solo, SessionId session, string operation) => operation switch
    {
        "create" => solo.Create(session, "/p/new"),
        "delete" => solo.Delete(session, "/p/n"),
        "set" => solo.Set(session, "/p/n", "x"),
        "setAcl" => solo.SetAcl(session, "/p/n", null),
        "check" => solo.Multi(session, new ClientRequest { Op = OpCode.Check, Path = "/p/n", Version = -1 }).Error,
        "exists" => solo.Read(session, OpCode.Exists, "/p/n").Error,
        "getData" => solo.Read(session, OpCode.GetData, "/p/n").Error,
        "getChildren" => solo.Read(session, OpCode.GetChildren, "/p/n").Error,
        "getChildren2" => solo.Read(session, OpCode.GetChildren2, "/p/n").Error,
        "getAllChildrenNumber" => solo.Read(session, OpCode.GetAllChildrenNumber, "/p/n").Error,
        "getAcl" => solo.Read(session, OpCode.GetAcl, "/p/n").Error,
        _ => throw new ArgumentException(operation, nameof(operation)),
    };

    /// <summary>A scheme that proves nothing, and means whoever begins with the name.</summary>
    private sealed class MadeUpScheme : IAccessScheme
    {
        public string Scheme => "made-up";

        public bool IsAuthenticated => false;

        public bool IsValid(string id) => id != "bad";

        public bool Matches(string identity, string id) => identity.StartsWith(id, StringComparison.Ordinal);
    }
}
