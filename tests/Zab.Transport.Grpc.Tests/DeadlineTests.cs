using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Tests;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("30S", 30_000)]
    [InlineData("250m", 250)]
    [InlineData("5000u", 5)]
    [InlineData("99999999n", 99.9999)]
    [InlineData("99999999H", 40 * 24 * 3600_000.0)]
    public void A_deadline_is_read(string header, double milliseconds)
    {
        Assert.True(GrpcProtocol.TryParseTimeout(header, out TimeSpan timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds, precision: 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5 S")]
    [InlineData("5s")]
    [InlineData("123456789S")]
    public void A_malformed_deadline_is_refused(string header) =>
        Assert.False(GrpcProtocol.TryParseTimeout(header, out _));

    /// <summary>Kestrel's reader throws once its caller has reset the stream. The deadline passes on a timer's
    /// thread, where an exception would end the process.</summary>
    [Fact]
    public void A_deadline_that_passes_after_the_caller_is_gone_harms_nobody()
    {
        DefaultHttpContext context = new();
        context.Features.Set<IRequestBodyPipeFeature>(new ResetBody());

        new GrpcServerCall(context).Expire();

        Assert.Throws<IOException>(context.Request.BodyReader.CancelPendingRead);
    }

    private sealed class ResetBody : PipeReader, IRequestBodyPipeFeature
    {
        public PipeReader Reader => this;

        public override void AdvanceTo(SequencePosition consumed) => throw Reset();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw Reset();

        public override void CancelPendingRead() => throw Reset();

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            throw Reset();

        public override bool TryRead(out ReadResult result) => throw Reset();

        private static IOException Reset() => new("The client reset the request stream.");
    }
}
