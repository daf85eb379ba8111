namespace Zab.Cli.Tests.Shell;

/// <content>Reads.</content>
internal static partial class CommandCases
{
    private static readonly (string Typed, string Expected)[] s_reads =
    [
        (
            "ls /",
            "[zookeeper]"),
        (
            """
            create /a
            create /a/c
            create /a/b
            ls /a
            """,
            """
            Created /a
            Created /a/c
            Created /a/b
            [b, c]
            """),
        (
            """
            create /a xy
            create /a/b
            ls -s /a
            """,
            """
            Created /a
            Created /a/b
            [b]
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 1
            dataVersion = 0
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 2
            numChildren = 1
            """),
        (
            """
            create /a
            create /a/c
            create /a/c/d
            create /a/b
            ls -R /a
            """,
            """
            Created /a
            Created /a/c
            Created /a/c/d
            Created /a/b
            /a
            /a/b
            /a/c
            /a/c/d
            """),
        (
            """
            ls -w /
            ls -R -w /zookeeper
            """,
            """
            [zookeeper]
            /zookeeper
            /zookeeper/config
            /zookeeper/quota
            """),
        (
            "ls /missing",
            "! Node does not exist: /missing"),
        (
            "ls -R /missing",
            "! Node does not exist: /missing"),
        (
            "ls",
            """
            ! ls: something is missing
            ls [-s] [-w] [-R] path
            """),
        (
            "ls / x",
            """
            ! ls: x is too much
            ls [-s] [-w] [-R] path
            """),
        (
            "ls -z /",
            """
            ! ls: Unrecognized option: -z
            ls [-s] [-w] [-R] path
            """),
        (
            "ls a",
            "! Path must start with / character"),
        (
            "ls /a/",
            "! Path must not end with / character"),
        (
            """
            create /a 'hello world'
            get /a
            """,
            """
            Created /a
            hello world
            """),
        (
            """
            create /a
            get /a
            """,
            """
            Created /a
            null
            """),
        (
            """
            create /a ""
            get /a
            ls /a
            """,
            """
            Created /a

            []
            """),
        (
            """
            create /a xyz
            get -s /a
            """,
            """
            Created /a
            xyz
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = 0
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 3
            numChildren = 0
            """),
        (
            """
            create /a xyz
            get -w /a
            """,
            """
            Created /a
            xyz
            """),
        (
            """
            create /a xyz
            get -b /a
            """,
            """
            Created /a
            eHl6
            """),
        (
            """
            create /a 'hello world hellö'
            get -x /a
            """,
            """
            Created /a
                     +-------------------------------------------------+
                     |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
            +--------+-------------------------------------------------+----------------+
            |00000000| 68 65 6c 6c 6f 20 77 6f 72 6c 64 20 68 65 6c 6c |hello world hell|
            |00000010| c3 b6                                           |..              |
            +--------+-------------------------------------------------+----------------+
            """),
        (
            "get -b -x /a",
            """
            ! get: -b and -x exclude each other
            get [-s] [-w] [-b] [-x] path
            """),
        (
            "get /missing",
            "! Node does not exist: /missing"),
        (
            "get",
            """
            ! get: something is missing
            get [-s] [-w] [-b] [-x] path
            """),
        (
            """
            create /a xyz
            stat /a
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
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 3
            numChildren = 0
            """),
        (
            """
            create -e /a
            stat /a
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
            aclVersion = 0
            ephemeralOwner = 0x#
            dataLength = 0
            numChildren = 0
            """),
        (
            """
            create /a xyz
            stat -w /a
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
            aclVersion = 0
            ephemeralOwner = 0x0
            dataLength = 3
            numChildren = 0
            """),
        (
            "stat /missing",
            "! Node does not exist: /missing"),
        (
            "stat -w /missing",
            "! Node does not exist: /missing"),
        (
            "stat",
            """
            ! stat: something is missing
            stat [-w] path
            """),
        (
            "sync /",
            "Sync is OK"),
        (
            "sync",
            """
            ! sync: something is missing
            sync path
            """),
        (
            """
            create /a
            create /a/b
            getAllChildrenNumber /a
            """,
            """
            Created /a
            Created /a/b
            1
            """),
        (
            "getAllChildrenNumber /missing",
            "! Node does not exist: /missing"),
        (
            "getAllChildrenNumber",
            """
            ! getAllChildrenNumber: something is missing
            getAllChildrenNumber path
            """),
        (
            """
            create -e /b
            create -e /a
            getEphemerals
            """,
            """
            Created /b
            Created /a
            [/a, /b]
            """),
        (
            """
            create -e /b
            create -e /a
            getEphemerals /b
            getEphemerals /c
            """,
            """
            Created /b
            Created /a
            [/b]
            []
            """),
    ];
}
