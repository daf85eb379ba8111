using System.Globalization;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

public class PersistentMapTests
{
    public static TheoryData<int, int> SeedsAndKeyKinds
    {
        get
        {
            TheoryData<int, int> data = [];
            for (int kind = 0; kind < 5; kind++)
            {
                data.Add(kind + 1, kind);
                data.Add(kind + 101, kind);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(SeedsAndKeyKinds))]
    public void It_does_what_a_sorted_dictionary_does(int seed, int keyKind)
    {
        const int Operations = 20_000;
        Prng random = new((ulong)seed);
        SortedDictionary<string, int> model = new(StringComparer.Ordinal);
        PersistentMap<Item> map = default;
        WriteToken token = new();
        for (int i = 0; i < Operations; i++)
        {
            string key = KeyOf(keyKind, random);

            // Grow for a while, then shrink, so that pages split and merge.
            bool remove = random.Below(100) < (i / 4_000 % 2 == 0 ? 25 : 75);
            if (remove && model.Remove(key))
            {
                map = map.Remove(Encoding.UTF8.GetBytes(key), token);
            }
            else if (!remove)
            {
                model[key] = i;
                map = map.Set(new Item(key, i), token);
            }

            Assert.Equal(model.Count, map.Count);
            string probe = KeyOf(keyKind, random);
            Assert.Equal(model.TryGetValue(probe, out int expected), map.TryGet(
                Encoding.UTF8.GetBytes(probe), out Item? found));
            Assert.Equal(expected, found?.Value ?? 0);
            if (random.OneIn(1_000))
                AssertSame(model, map, $"seed {seed}, key kind {keyKind}, operation {i}");
        }

        AssertSame(model, map, $"seed {seed}, key kind {keyKind}, at the end");
    }

    [Fact]
    public void A_hundred_thousand_operations_leave_older_maps_as_they_were()
    {
        const int Operations = 100_000;
        Prng random = new(seed: 42);
        SortedDictionary<string, int> model = new(StringComparer.Ordinal);
        List<(PersistentMap<Item> Map, SortedDictionary<string, int> Model)> kept = [];
        PersistentMap<Item> map = default;
        WriteToken token = new();
        for (int i = 0; i < Operations; i++)
        {
            string key = KeyOf(random.Below(5), random);
            if (random.Below(100) < 45 && model.Remove(key))
            {
                map = map.Remove(Encoding.UTF8.GetBytes(key), token);
            }
            else
            {
                model[key] = i;
                map = map.Set(new Item(key, i), token);
            }

            if (i % 2_500 == 0)
            {
                token = new WriteToken();
                kept.Add((map, new SortedDictionary<string, int>(model, StringComparer.Ordinal)));
            }
            else if (random.OneIn(7))
            {
                token = new WriteToken();
            }
        }

        Assert.All(kept, old => AssertSame(old.Model, old.Map, $"of {old.Model.Count}"));
    }

    [Fact]
    public void Taking_everything_out_in_any_order_leaves_the_empty_map()
    {
        foreach (int step in (int[])[1, 7, 333])
        {
            WriteToken token = new();
            PersistentMap<Item> map = default;
            for (int i = 0; i < 1_000; i++)
            {
                map = map.Set(new Item($"{i:D4}", i), token);
            }

            for (int i = 0; i < 1_000; i++)
            {
                map = map.Remove(Encoding.UTF8.GetBytes($"{i * step % 1_000:D4}"), token);
            }

            Assert.Equal(0, map.Count);
            Assert.False(map.GetEnumerator().MoveNext());
        }
    }

    [Fact]
    public void A_walk_starts_after_any_key()
    {
        WriteToken token = new();
        PersistentMap<Item> map = default;
        for (int i = 0; i < 1_000; i += 2)
        {
            map = map.Set(new Item($"n{i:D4}", i), token);
        }

        for (int i = 0; i < 998; i++)
        {
            MapCursor<Item> cursor = map.After(Encoding.UTF8.GetBytes($"n{i:D4}"));

            Assert.True(cursor.MoveNext());
            Assert.Equal((i / 2 * 2) + 2, cursor.Current.Value);
        }

        Assert.False(map.After("n0998"u8).MoveNext());
        Assert.False(map.After("z"u8).MoveNext());
        Assert.True(map.After("a"u8).MoveNext());
    }

    private static void AssertSame(SortedDictionary<string, int> model, PersistentMap<Item> map, string where)
    {
        List<(string, int)> found = [];
        foreach (Item item in map)
        {
            found.Add((Encoding.UTF8.GetString(item.Key), item.Value));
        }

        Assert.True(model.Select(pair => (pair.Key, pair.Value)).SequenceEqual(found), where);
    }

    private static string KeyOf(int kind, Prng random) => kind switch
    {
        0 => random.Below(3_000).ToString("D10", CultureInfo.InvariantCulture),
        1 => $"a-long-prefix-that-all-share-{random.Below(2_000)}",
        2 => new string('x', random.Below(60)) + (char)('a' + random.Below(4)), // prefixes of one another
        3 => string.Concat(
            Enumerable.Range(0, 1 + random.Below(5)).Select(_ => (char)(1 + random.Below(0x700)))),
        _ => (random.Below(2) == 0 ? "left/" : "right\0") + random.Below(1_500),
    };

    private sealed class Item(string key, int value) : KeyedItem
    {
        private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

        public override ReadOnlySpan<byte> Key => _key;

        public int Value { get; } = value;
    }
}
