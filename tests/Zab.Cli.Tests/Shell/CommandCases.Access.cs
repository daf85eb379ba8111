namespace Zab.Cli.Tests.Shell;

/// <content>Access.</content>
internal static partial class CommandCases
{
    private static readonly (string Typed, string Expected)[] s_access =
    [
        (
            """
            create /a
            getAcl /a
            """,
            """
            Created /a
            'world,'anyone
            : cdrwa
            """),
        (
            """
            create /a
            getAcl -s /a
            """,
            """
            Created /a
            'world,'anyone
            : cdrwa
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = 0
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 0
            numChildren = 0
            """),
        (
            "getAcl /missing",
            "! Node does not exist: /missing"),
        (
            "getAcl",
            """
            ! getAcl: something is missing
            getAcl [-s] path
            """),
        (
            """
            create /a
            setAcl /a world:anyone:ar,ip:10.0.0.0/8:w
            getAcl /a
            """,
            """
            Created /a
            'world,'anyone
            : ra
            'ip,'10.0.0.0/8
            : w
            """),
        (
            """
            create /a
            setAcl -s /a world:anyone:cdra
            """,
            """
            Created /a
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = 0
            aclVersion = 1
            ephemeralOwner = 0x0
            dataLength = 0
            numChildren = 0
            """),
        (
            """
            create /a
            setAcl -v 9 /a world:anyone:a
            setAcl -v 0 /a world:anyone:cdrwa
            """,
            """
            Created /a
            ! version No is not valid : /a
            """),
        (
            """
            create /a
            create /a/b
            setAcl -R /a world:anyone:cdr
            getAcl /a/b
            """,
            """
            Created /a
            Created /a/b
            'world,'anyone
            : cdr
            """),
        (
            """
            create /a
            setAcl /a world:anyone:r
            setAcl /a world:anyone:cdrwa
            """,
            """
            Created /a
            ! Insufficient permission : /a
            """),
        (
            """
            create /a
            setAcl /a nobody:x:r
            """,
            """
            Created /a
            ! Acl is not valid : /a
            """),
        (
            "setAcl /a",
            """
            ! setAcl: something is missing
            setAcl [-s] [-v version] [-R] path acl
            """),
        (
            """
            whoami
            addauth digest bob:secret
            whoami
            """,
            """
            Auth scheme: User
            Auth scheme: User
            digest: bob:fyVmFCwVbTJYrznoSu1koqYEYF0=
            """),
        (
            """
            addauth digest bob:secret
            create /a x auth::cdrwa
            getAcl /a
            """,
            """
            Created /a
            'digest,'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=
            : cdrwa
            """),
        (
            "addauth nothing x",
            "! The credentials were refused (nothing)."),
        (
            "addauth",
            """
            ! addauth: something is missing
            addauth scheme auth
            """),
        (
            "whoami x",
            """
            ! whoami: x is too much
            whoami
            """),
    ];
}
