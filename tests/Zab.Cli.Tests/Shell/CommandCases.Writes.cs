namespace Zab.Cli.Tests.Shell;

/// <content>Writes.</content>
internal static partial class CommandCases
{
    private static readonly (string Typed, string Expected)[] s_writes =
    [
        (
            """
            create /a one
            create /a two
            get /a
            """,
            """
            Created /a
            ! Node already exists: /a
            one
            """),
        (
            """
            create /a
            create -s /a/seq-
            create -s /a/seq-
            create -s /a/
            """,
            """
            Created /a
            Created /a/seq-0000000000
            Created /a/seq-0000000001
            Created /a/0000000002
            """),
        (
            """
            create -e /a it
            create /a/b
            """,
            """
            Created /a
            ! Ephemerals cannot have children: /a/b
            """),
        (
            """
            create /p
            create -s -e /p/a
            create -se /p/a
            """,
            """
            Created /p
            Created /p/a0000000000
            Created /p/a0000000001
            """),
        (
            """
            create -c /a
            get /a
            """,
            """
            Created /a
            null
            """),
        (
            """
            create -t 60000 /a d
            get /a
            """,
            """
            Created /a
            d
            """),
        (
            """
            create /p
            create -s -t60000 /p/a
            """,
            """
            Created /p
            Created /p/a0000000000
            """),
        (
            "create -c -e /a",
            """
            ! create: -c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -c -s /a",
            """
            ! create: -c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t 5 -e /a",
            """
            ! create: TTLs cannot be used with Ephemeral znodes
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t 5 -c /a",
            """
            ! create: TTLs cannot be used with Container znodes
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t abc /a",
            """
            ! create: -t needs a whole number, not abc
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t 0 /a",
            """
            ! create: ttl must be positive and cannot be larger than: 1099511627775
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t 1099511627776 /a",
            """
            ! create: ttl must be positive and cannot be larger than: 1099511627775
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create -t",
            """
            ! create: -t needs a value
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create",
            """
            ! create: something is missing
            create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            """),
        (
            "create a",
            "! Path must start with / character"),
        (
            "create /a/",
            "! Path must not end with / character"),
        (
            """
            create /a//b
            ls /./a
            get /a/..
            """,
            """
            ! Invalid path string "/a//b"
            ! Invalid path string "/./a"
            ! Invalid path string "/a/.."
            """),
        (
            "create /a\u007f",
            "! Arguments are not valid : /a\u007f"),
        (
            "create /missing/a",
            "! Node does not exist: /missing/a"),
        (
            """
            create /a data world:anyone:r
            getAcl /a
            """,
            """
            Created /a
            'world,'anyone
            : r
            """),
        (
            "create /a data foo",
            "! foo does not have the form scheme:id:perm"),
        (
            "create /a data world:anyone:rz",
            "! Unknown perm type: z"),
        (
            """
            create '/sp ace' "a b"
            ls /
            get '/sp ace'
            """,
            """
            Created /sp ace
            [sp ace, zookeeper]
            a b
            """),
        (
            """
            create /a -1
            get /a
            create /b -- -x
            get /b
            """,
            """
            Created /a
            -1
            Created /b
            -x
            """),
        (
            "create '/a",
            "! A quotation mark has no counterpart: '/a"),
        (
            """
            create /a
            set /a new
            get /a
            """,
            """
            Created /a
            new
            """),
        (
            """
            create /a
            set -s /a new
            """,
            """
            Created /a
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = 1
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 3
            numChildren = 0
            """),
        (
            """
            create /a
            set /a new -v 0 -s
            """,
            """
            Created /a
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = 1
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 3
            numChildren = 0
            """),
        (
            """
            create /a
            set -v 9 /a new
            get /a
            """,
            """
            Created /a
            ! version No is not valid : /a
            null
            """),
        (
            """
            create /a
            set -b /a eHl6
            get /a
            """,
            """
            Created /a
            xyz
            """),
        (
            "set -b /a xyz",
            """
            ! set: with -b, the data must be in base64
            set path data [-s] [-v version] [-b]
            """),
        (
            "set -v x /a new",
            """
            ! set: -v needs a whole number, not x
            set path data [-s] [-v version] [-b]
            """),
        (
            "set /missing x",
            "! Node does not exist: /missing"),
        (
            "set /a",
            """
            ! set: something is missing
            set path data [-s] [-v version] [-b]
            """),
        (
            """
            create /a
            delete /a
            ls /
            """,
            """
            Created /a
            [zookeeper]
            """),
        (
            """
            create /a
            delete -v 7 /a
            delete -v 0 /a
            """,
            """
            Created /a
            ! version No is not valid : /a
            """),
        (
            """
            create /a
            create /a/b
            delete /a
            """,
            """
            Created /a
            Created /a/b
            ! Node not empty: /a
            """),
        (
            "delete /missing",
            "! Node does not exist: /missing"),
        (
            """
            delete /
            delete /zookeeper
            """,
            """
            ! Arguments are not valid : /
            ! Arguments are not valid : /zookeeper
            """),
        (
            "delete",
            """
            ! delete: something is missing
            delete [-v version] path
            """),
        (
            """
            create /a
            create /a/b
            create /a/b/c
            deleteall /a
            ls /
            """,
            """
            Created /a
            Created /a/b
            Created /a/b/c
            [zookeeper]
            """),
        (
            """
            create /a
            create /a/b
            create /a/b/c
            deleteall /a -b 1
            ls /
            """,
            """
            Created /a
            Created /a/b
            Created /a/b/c
            [zookeeper]
            """),
        (
            """
            create /a
            deleteall /a -b 0
            ls /
            """,
            """
            Created /a
            ! deleteall: the batch size must be at least 1
            deleteall path [-b batch size]
            [a, zookeeper]
            """),
        (
            "deleteall /zookeeper/config",
            "! Failed to delete some node(s) in the subtree! Arguments are not valid : /zookeeper/config"),
        (
            "deleteall /missing",
            "! Node does not exist: /missing"),
        (
            "deleteall",
            """
            ! deleteall: something is missing
            deleteall path [-b batch size]
            """),
    ];
}
