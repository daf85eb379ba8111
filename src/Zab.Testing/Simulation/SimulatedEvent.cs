namespace Zab.Testing.Simulation;

/// <summary>Something that happens at one server at one time.</summary>
/// <param name="Kind">What.</param>
/// <param name="Server">Where; 0 for the world as a whole.</param>
/// <param name="Life">In which life of the server; an event of an earlier life is void.</param>
/// <param name="Subject">What it is about.</param>
internal readonly record struct SimulatedEvent(EventKind Kind, int Server, int Life, object? Subject = null);
