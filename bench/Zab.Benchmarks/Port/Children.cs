using System.Diagnostics;

namespace Zab.Benchmarks.Port;

/// <summary>This program once more, for a part of a measure that needs a process of its own.</summary>
internal static class Children
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Starts it.</summary>
    public static Process Start(params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Children).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Ends it: it goes when its input is over.</summary>
    public static void End(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
        }
    }
}
