using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>Whose log it is. A store writes it when it is first opened and refuses another ever
/// after.</summary>
/// <param name="EnsembleId">The name of the ensemble; not empty.</param>
/// <param name="ServerId">The server.</param>
public readonly record struct LogIdentity(string EnsembleId, ServerId ServerId);
