using Zab.Server.Tests.Port;

namespace Zab.Server.Tests.Abuse;

/// <summary>Ephemeral nodes by the thousand.</summary>
internal static class Ephemerals
{
    private const int InOneMulti = 5000;

    /// <summary>Creates <c>name00000</c> and so on.</summary>
    public static async Task CreateAsync(WireClient client, string name, int count)
    {
        for (int first = 0; first < count; first += InOneMulti)
        {
            Body multi = new();
            for (int i = first; i < Math.Min(count, first + InOneMulti); i++)
            {
                _ = multi.Int(1).Byte(0).Int(-1)
                    .Raw(WireClient.CreateBody($"{name}{i:d5}", flags: 1).ToArray());
            }

            Packet done = await client.CallAsync(1 + first, 14, multi.Int(-1).Byte(1).Int(-1));
            Assert.Equal(1, done.IntAt(0)); // the first was created, so all were
        }
    }

    /// <summary>The watches of a client that has seen everything, on the data of those nodes.</summary>
    public static Body Watching(string name, int count, long seen)
    {
        Body watches = new Body().Long(seen).Int(count);
        for (int i = 0; i < count; i++)
        {
            _ = watches.Text($"{name}{i:d5}");
        }

        return watches.Int(0).Int(0);
    }
}
