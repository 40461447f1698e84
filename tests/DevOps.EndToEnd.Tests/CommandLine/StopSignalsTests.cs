using Cli;
using DevOps.Testing.Time;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class StopSignalsTests
{
    private readonly VirtualTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Receive_SignalsThatComeTogether_AreOne()
    {
        using StopSignals signals = new(_clock);

        Assert.False(signals.Token.IsCancellationRequested);
        Assert.False(signals.Receive());
        Assert.True(signals.Token.IsCancellationRequested);
        Assert.False(signals.Receive());
        _clock.Advance(StopSignals.Grace - TimeSpan.FromTicks(1));
        Assert.False(signals.Receive());
    }

    [Fact]
    public void Receive_SignalLater_EndsAtOnce()
    {
        using StopSignals signals = new(_clock);
        _ = signals.Receive();
        _clock.Advance(StopSignals.Grace);

        Assert.True(signals.Receive());
    }

    [Fact]
    public void Receive_AfterTheWork_IsNoError()
    {
        StopSignals signals = new(_clock);
        signals.Dispose();

        Assert.False(signals.Receive());
    }
}
