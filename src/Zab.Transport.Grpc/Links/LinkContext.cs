using Microsoft.Extensions.Logging;
using Zab.Core.Ports;

namespace Zab.Transport.Grpc.Links;

/// <summary>What all links of a transport share.</summary>
/// <param name="Options">The limits.</param>
/// <param name="Table">Who is linked.</param>
/// <param name="Events">Who is told.</param>
/// <param name="Logger">Where to log.</param>
/// <param name="Stopping">Cancelled when the transport is being disposed; no event begins afterwards.</param>
internal sealed record LinkContext(
    GrpcTransportOptions Options, LinkTable Table, ITransportEvents Events, ILogger Logger,
    CancellationToken Stopping);
