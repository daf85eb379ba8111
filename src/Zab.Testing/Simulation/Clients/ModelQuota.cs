using System.Globalization;
using System.Text;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Quotas, written anew: the hard limits of every node on the way to a path count.</summary>
internal static class ModelQuota
{
    /// <summary>Whether a hard limit forbids more nodes, or more bytes, at a path.</summary>
    public static bool Forbids(ModelView view, string path, int moreNodes, long moreBytes)
    {
        string first = view.HasQuotas ? path : ModelPath.Root;
        for (string over = first; over != ModelPath.Root; over = ModelPath.ParentOf(over))
        {
            if (view.Node(ModelPath.Quota + over + ModelPath.Limits) is not { } limits)
            {
                continue;
            }

            string text = Encoding.UTF8.GetString((limits.Data ?? default).Span);
            (long nodes, long bytes) = view.Used(over);
            if ((moreNodes > 0 && Exceeds(text, "countHardLimit", nodes + moreNodes))
                || (moreBytes > 0 && Exceeds(text, "byteHardLimit", bytes + moreBytes)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a node shows as its data that tells what is used; null for any other node.</summary>
    public static byte[]? StatsOf(ModelView view, string path)
    {
        if (ModelPath.WatchedBy(path, ModelPath.Stats) is not { } watched)
        {
            return null;
        }

        (long nodes, long bytes) = view.Used(watched);
        return Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"count={nodes},bytes={bytes}"));
    }

    /// <summary>Whether a number is above a limit; the last one of its name counts, and a negative one is
    /// none.</summary>
    private static bool Exceeds(string limits, string name, long number)
    {
        long limit = -1;
        foreach (string part in limits.Split([',', ';']))
        {
            string[] words = part.TrimEnd('=').Split('=');
            if (words.Length == 2 && words[0] == name && long.TryParse(
                words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                limit = value;
            }
        }

        return limit >= 0 && number > limit;
    }
}
