using System.Net;
using DevOps.Testing.Http;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Http;

public sealed class HostPausesTests
{
    private static readonly Uri Host = new("https://registry.example/v2/");

    private readonly VirtualTimeProvider _clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Source: RFC 9110, section 10.2.3: seconds, or a date.
    [InlineData("7", 7)]
    [InlineData("Sun, 01 Mar 2026 12:00:09 GMT", 9)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [InlineData("3600", 30)]
    [InlineData("soon", null)]
    public void AskedFor_Header_IsRead(string header, int? expectedSeconds)
    {
        using HttpResponseMessage response = TooMany(header);
        Assert.Equal(expectedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, new HostPauses(_clock, TimeSpan.FromSeconds(30)).AskedFor(response));
    }

    [Fact]
    public async Task WaitAsync_HostThatAskedForRest_HoldsAllItsRequestsAndNoOthers()
    {
        HostPauses pauses = new(_clock, TimeSpan.FromSeconds(30));
        using HttpResponseMessage response = TooMany("10");
        pauses.Note(Host, response);
        Task one = pauses.WaitAsync(new("https://registry.example/v2/a"), Cancellation).AsTask();
        Task two = pauses.WaitAsync(Host, Cancellation).AsTask();
        Assert.True(pauses.WaitAsync(new("https://other.example/v2/"), Cancellation).AsTask().IsCompleted);
        Assert.False(one.IsCompleted || two.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(one, two);
        Assert.True(pauses.WaitAsync(Host, Cancellation).AsTask().IsCompleted);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Ends()
    {
        HostPauses pauses = new(_clock, TimeSpan.FromSeconds(30));
        using HttpResponseMessage response = TooMany("10");
        pauses.Note(Host, response);
        using CancellationTokenSource stop = new();
        Task waiting = pauses.WaitAsync(Host, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static HttpResponseMessage TooMany(string retryAfter) => ScriptedHandler.Answer(HttpStatusCode.TooManyRequests, headers: [("Retry-After", retryAfter)]);
}
