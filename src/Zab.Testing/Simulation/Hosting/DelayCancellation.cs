using System.Reflection;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>Lets the cancellation of a <c>Task.Delay</c> take effect at once.</summary>
/// <remarks>.NET hands it to the thread pool, so that the order of what follows would be left to the
/// machine. What is looked up here is private to .NET: where it is not found, such a cancellation is reported
/// as what it is then, a way off the thread.</remarks>
internal static class DelayCancellation
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly FieldInfo? s_registration = typeof(Task)
        .GetNestedType("DelayPromiseWithCancellation", BindingFlags.NonPublic)?
        .GetField("_registration", Hidden);

    private static readonly MethodInfo? s_cancel =
        typeof(Task).GetMethod("TrySetCanceled", Hidden, [typeof(CancellationToken)]);

    /// <summary>Follows the token of a delay, which .NET follows already: the newer comes first.</summary>
    public static CancellationTokenRegistration Follow(Pump pump, Task delay)
    {
        if (delay.IsCompleted || s_cancel is null || s_registration?.DeclaringType != delay.GetType()
            || s_registration.GetValue(delay) is not CancellationTokenRegistration registration)
        {
            return default;
        }

        CancellationToken token = registration.Token;
        return token.UnsafeRegister(
            _ => pump.Enter(() => s_cancel.Invoke(delay, [token])), null);
    }
}
