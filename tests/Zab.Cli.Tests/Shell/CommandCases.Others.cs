namespace Zab.Cli.Tests.Shell;

/// <content>Others.</content>
internal static partial class CommandCases
{
    private static readonly (string Typed, string Expected)[] s_others =
    [
        (
            "removewatches /a",
            "! KeeperErrorCode = No such watcher for /a"),
        (
            """
            create /a
            get -w /a
            removewatches /a -c
            removewatches /a -d
            removewatches /a -d
            """,
            """
            Created /a
            null
            ! KeeperErrorCode = No such watcher for /a

            WATCHER::

            WatchedEvent state:SyncConnected type:DataWatchRemoved path:/a zxid: -1
            ! KeeperErrorCode = No such watcher for /a
            """),
        (
            """
            create /a
            ls -w /a
            removewatches -c /a -l
            """,
            """
            Created /a
            []

            WATCHER::

            WatchedEvent state:SyncConnected type:ChildWatchRemoved path:/a zxid: -1
            """),
        (
            """
            addWatch /a
            removewatches /a -p
            removewatches /a -r
            """,
            """
            ! KeeperErrorCode = No such watcher for /a

            WATCHER::

            WatchedEvent state:SyncConnected type:PersistentWatchRemoved path:/a zxid: -1
            """),
        (
            """
            addWatch -m PERSISTENT /a
            addWatch -m persistent /a
            removewatches /a -p
            removewatches /a -a
            """,
            """

            WATCHER::

            WatchedEvent state:SyncConnected type:PersistentWatchRemoved path:/a zxid: -1
            ! KeeperErrorCode = No such watcher for /a
            """),
        (
            """
            addWatch -m PERSISTENT_RECURSIVE /a
            stat -w /a
            removewatches /a -a
            """,
            """
            ! Node does not exist: /a

            WATCHER::

            WatchedEvent state:SyncConnected type:DataWatchRemoved path:/a zxid: -1

            WATCHER::

            WatchedEvent state:SyncConnected type:PersistentWatchRemoved path:/a zxid: -1
            """),
        (
            "removewatches -c -d /a",
            """
            ! removewatches: -c and -d exclude each other
            removewatches path [-c|-d|-p|-r|-a] [-l]
            """),
        (
            "removewatches",
            """
            ! removewatches: something is missing
            removewatches path [-c|-d|-p|-r|-a] [-l]
            """),
        (
            "addWatch -m FOO /a",
            """
            ! addWatch: FOO is no mode
            addWatch [-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE
            """),
        (
            "addWatch",
            """
            ! addWatch: something is missing
            addWatch [-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE
            """),
        (
            """
            printwatches
            printwatches off
            printwatches
            printwatches on
            printwatches
            """,
            """
            printwatches is on
            printwatches is off
            printwatches is on
            """),
        (
            "printwatches no",
            """
            ! printwatches: no is neither on nor off
            printwatches on|off
            """),
        (
            """
            config -w
            config
            config -c
            ls /
            """,
            """
            server.1=one:2888:3888:participant
            version=0
            server.1=one:2888:3888:participant
            version=0
            0 
            [zookeeper]
            """),
        (
            "config -s",
            """
            server.1=one:2888:3888:participant
            version=0
            cZxid = 0x#
            ctime = #
            mZxid = 0x#
            mtime = #
            pZxid = 0x#
            cversion = 0
            dataVersion = -1
            aclVersion = -1
            ephemeralOwner = 0x0
            dataLength = 44
            numChildren = 0
            """),
        (
            "config x",
            """
            ! config: x is too much
            config [-c] [-w] [-s]
            """),
        (
            """
            reconfig -add server.2=two:1:2
            reconfig -remove 1 -s
            reconfig -file members -v 100000000
            reconfig -members server.1=one:1:2;3
            """,
            """
            ! reconfig: a session of Zab cannot change the servers of an ensemble. They are those of its configuration; see the server.N lines of zoo.cfg.
            ! reconfig: a session of Zab cannot change the servers of an ensemble. They are those of its configuration; see the server.N lines of zoo.cfg.
            ! reconfig: a session of Zab cannot change the servers of an ensemble. They are those of its configuration; see the server.N lines of zoo.cfg.
            ! reconfig: a session of Zab cannot change the servers of an ensemble. They are those of its configuration; see the server.N lines of zoo.cfg.
            """),
        (
            """
            create /a one
            history
            """,
            """
            Created /a
            0 - create /a one
            1 - history
            """),
        (
            """
            create /a one
            get /a
            redo 1
            history
            """,
            """
            Created /a
            one
            one
            0 - create /a one
            1 - get /a
            2 - get /a
            3 - history
            """),
        (
            """
            redo 7
            redo x
            redo
            """,
            """
            ! Command index out of range
            ! Command index out of range
            ! redo: something is missing
            redo cmdno
            """),
        (
            "history x",
            """
            ! history: x is too much
            history
            """),
        (
            "nothing",
            """
            ! Command not found: nothing
            The command help lists what there is.
            """),
        (
            """
              
            	
            ls /
            """,
            "[zookeeper]"),
        (
            """
            close
            ls /
            removewatches /a
            connect
            ls /
            """,
            """
            ! Not connected
            ! Not connected
            [zookeeper]
            """),
        (
            """
            connect somewhere:2181
            ls /
            """,
            "[zookeeper]"),
        (
            "connect a b",
            """
            ! connect: b is too much
            connect [host:port]
            """),
        (
            "version",
            "Zab shell version: #"),
        (
            "help",
            """
            zab shell -server host:port [command]
            	addWatch [-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE
            	addauth scheme auth
            	close
            	config [-c] [-w] [-s]
            	connect [host:port]
            	create [-s] [-e] [-c] [-t ttl] path [data] [acl]
            	delete [-v version] path
            	deleteall path [-b batch size]
            	delquota [-n|-b|-N|-B] path
            	exit
            	get [-s] [-w] [-b] [-x] path
            	getAcl [-s] path
            	getAllChildrenNumber path
            	getEphemerals [path]
            	help
            	history
            	listquota path
            	ls [-s] [-w] [-R] path
            	printwatches on|off
            	quit
            	reconfig [-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | [-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]
            	redo cmdno
            	removewatches path [-c|-d|-p|-r|-a] [-l]
            	set path data [-s] [-v version] [-b]
            	setAcl [-s] [-v version] [-R] path acl
            	setquota -n|-b|-N|-B val path
            	stat [-w] path
            	sync path
            	version
            	whoami
            """),
        (
            """
            quit
            ls /
            """,
            ""),
        (
            """
            exit
            ls /
            """,
            ""),
    ];
}
