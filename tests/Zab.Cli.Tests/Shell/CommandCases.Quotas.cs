namespace Zab.Cli.Tests.Shell;

/// <content>Quotas.</content>
internal static partial class CommandCases
{
    private static readonly (string Typed, string Expected)[] s_quotas =
    [
        (
            """
            create /a xy
            setquota -n 5 /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=-1
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a xy
            setquota -b 5 /a
            setquota -N 7 /a
            setquota -B 100 /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=-1,bytes=5=;byteHardLimit=100;countHardLimit=7
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a xy
            setquota -N 1 /a
            create /a/b
            """,
            """
            Created /a
            ! Quota has exceeded : /a/b
            """),
        (
            """
            create /a xy
            create /a/b
            setquota -n 5 /a
            setquota -n 1 /a
            """,
            """
            Created /a
            Created /a/b
            ! [Warning]: the count quota you create is less than the existing count:2
            """),
        (
            """
            create /a xy
            setquota -b 5 /a
            setquota -b 1 /a
            """,
            """
            Created /a
            ! [Warning]: the bytes quota you create is less than the existing bytes:2
            """),
        (
            """
            setquota -n 0 /a
            setquota -b -1 /a
            """,
            """
            ! the num quota must be greater than zero
            ! the bytes quota must be greater than or equal to zero
            """),
        (
            "setquota -n x /a",
            """
            ! setquota: -n needs a whole number, not x
            setquota -n|-b|-N|-B val path
            """),
        (
            "setquota /a",
            """
            ! setquota: one of -n, -b, -N and -B must be given
            setquota -n|-b|-N|-B val path
            """),
        (
            "setquota -n 1 -b 1 /a",
            """
            ! setquota: -n and -b exclude each other
            setquota -n|-b|-N|-B val path
            """),
        (
            "setquota -n 5 /missing",
            "! /missing does not exist."),
        (
            "setquota -n 5 /",
            "! the root cannot have a quota"),
        (
            "setquota -n 5 /zookeeper/quota",
            "! cannot set a quota under the path: /zookeeper/quota"),
        (
            """
            create /a
            create /a/b
            setquota -n 5 /a
            setquota -n 5 /a/b
            """,
            """
            Created /a
            Created /a/b
            ! /a/b has a parent /a which has a quota
            """),
        (
            """
            create /a
            create /a/b
            setquota -n 5 /a/b
            setquota -n 5 /a
            """,
            """
            Created /a
            Created /a/b
            ! /a has a child /a/b which has a quota
            """),
        (
            "listquota /missing",
            "! quota for /missing does not exist."),
        (
            "listquota",
            """
            ! listquota: something is missing
            listquota path
            """),
        (
            """
            create /a xy
            setquota -n 3 /a
            setquota -b 5 /a
            setquota -N 7 /a
            setquota -B 100 /a
            delquota -n /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=-1,bytes=5=;byteHardLimit=100;countHardLimit=7
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a xy
            setquota -n 3 /a
            setquota -b 5 /a
            setquota -N 7 /a
            setquota -B 100 /a
            delquota -b /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=3,bytes=-1=;byteHardLimit=100;countHardLimit=7
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a xy
            setquota -n 3 /a
            setquota -b 5 /a
            setquota -N 7 /a
            setquota -B 100 /a
            delquota -N /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=3,bytes=5=;byteHardLimit=100;countHardLimit=-1
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a xy
            setquota -n 3 /a
            setquota -b 5 /a
            setquota -N 7 /a
            setquota -B 100 /a
            delquota -B /a
            listquota /a
            """,
            """
            Created /a
            Output quota for /a count=3,bytes=5=;byteHardLimit=-1;countHardLimit=7
            Output stat for /a count=1,bytes=2
            """),
        (
            """
            create /a
            create /a/b
            setquota -n 5 /a/b
            delquota /a/b
            ls -R /zookeeper/quota
            """,
            """
            Created /a
            Created /a/b
            /zookeeper/quota
            """),
        (
            """
            create /a
            create /a/b
            create /a/c
            setquota -n 5 /a/b
            setquota -n 5 /a/c
            delquota /a/b
            ls /zookeeper/quota/a
            """,
            """
            Created /a
            Created /a/b
            Created /a/c
            [c]
            """),
        (
            "delquota /missing",
            "! quota for /missing does not exist."),
        (
            "delquota -n -b /a",
            """
            ! delquota: -n and -b exclude each other
            delquota [-n|-b|-N|-B] path
            """),
        (
            "delquota",
            """
            ! delquota: something is missing
            delquota [-n|-b|-N|-B] path
            """),
    ];
}
