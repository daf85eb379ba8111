using Zab.Core.Ports;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests.Support;

/// <summary>The contract on files in a real directory.</summary>
internal sealed class DirectoryContract : LogStoreContract
{
    protected override LogStoreDisk NewDisk() => new Disk();

    private sealed class Disk : LogStoreDisk
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly List<ILogStore> _stores = [];

        public override ILogStore NewStore()
        {
            ILogStore store = new FileLogStore(new FileLogStoreOptions
            {
                Directory = Path.Combine(_directory.FullName, "data"),
                SegmentBytes = 32 * 1024,
            });
            _stores.Add(store);
            return store;
        }

        public override void LosePower() => _stores.ForEach(store => store.Dispose());

        protected override void Dispose(bool disposing)
        {
            LosePower();
            _directory.Dispose();
        }
    }
}

/// <summary>The contract on files of a simulated disk, which really loses power; without a loss, the process
/// alone dies.</summary>
internal sealed class SimulatedDiskContract(PowerLoss? loss) : LogStoreContract
{
    protected override LogStoreDisk NewDisk() => new Disk(loss);

    private sealed class Disk(PowerLoss? loss) : LogStoreDisk
    {
        private readonly SimulatedDisk _disk = new();

        public override ILogStore NewStore() => new FileLogStore(
            new FileLogStoreOptions { Directory = "x", SegmentBytes = 16 * 1024 }, _disk);

        public override void LosePower()
        {
            if (loss is { } kind)
            {
                _disk.Restart(kind, coins: 1);
            }
            else
            {
                _disk.RestartProcess();
            }
        }

        protected override void Dispose(bool disposing)
        {
            // Garbage.
        }
    }
}

/// <summary>The contract on a disk in memory.</summary>
internal sealed class InMemoryContract : LogStoreContract
{
    protected override LogStoreDisk NewDisk() => new Disk();

    private sealed class Disk : LogStoreDisk
    {
        private readonly InMemoryDisk _disk = new();

        public override ILogStore NewStore() => _disk.NewStore();

        public override void LosePower() => _disk.Crash(unflushedKept: 2);

        protected override void Dispose(bool disposing)
        {
            // Garbage.
        }
    }
}
