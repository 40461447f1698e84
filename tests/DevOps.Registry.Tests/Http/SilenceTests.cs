using System.IO.Pipelines;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Http;

public sealed class SilenceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenReadAsync_BodyThatStops_IsGivenUpAfterALongSilence()
    {
        Pipe body = new();
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(body.Reader.AsStream()) });
        await using Stream content = await fixture.Repository.OpenReadAsync(new(MediaTypes.LayerGzip, Digest.Compute("x"u8), 1000), Cancellation);
        await body.Writer.WriteAsync(new byte[10], Cancellation);
        byte[] buffer = new byte[100];
        Assert.Equal(10, await content.ReadAsync(buffer, Cancellation));

        Task<int> read = content.ReadAsync(buffer, Cancellation).AsTask();
        await fixture.Clock.WaitForTimerAsync(length => length == RegistryClientOptions.Default.NoProgressTimeout, Cancellation);
        fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout);

        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => read);
        Assert.Contains("at registry.example: the answer broke off after 10 of 1000 bytes: Nothing came for 100 seconds. Try again", error.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(error.InnerException);
    }

    [Fact]
    public async Task OpenReadAsync_Cancelled_IsCancellation()
    {
        using CancellationTokenSource stop = new();
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(new Pipe().Reader.AsStream()) });
        await using Stream content = await fixture.Repository.OpenReadAsync(new(MediaTypes.LayerGzip, Digest.Compute("x"u8), 1000), Cancellation);
        Task<int> read = content.ReadAsync(new byte[1], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task ListTagsAsync_AnswerThatStopsInTheMiddle_IsGivenUpAfterALongSilence(HttpStatusCode status)
    {
        Pipe body = new();
        await body.Writer.WriteAsync("{"u8.ToArray(), Cancellation);
        using RegistryFixture fixture = new(_ => new(status) { Content = new StreamContent(body.Reader.AsStream()) });
        Task<List<string>> listing = fixture.Repository.ListTagsAsync(Cancellation).ToListAsync(Cancellation).AsTask();
        await fixture.Clock.WaitForTimerAsync(length => length == RegistryClientOptions.Default.NoProgressTimeout, Cancellation);
        fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => listing);

        // A status says more than that its explanation broke off.
        Assert.Contains(status == HttpStatusCode.OK ? "no answer came in time" : "400 Bad Request", error.Message, StringComparison.Ordinal);
    }
}
