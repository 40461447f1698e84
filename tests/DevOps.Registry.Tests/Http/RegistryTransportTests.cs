using System.Globalization;
using System.Net;
using DevOps.Oci;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryTransportTests
{
    [Fact]
    public async Task SendAsync_HostThatAsksForRestWhileAnotherWaitsForASlot_HoldsThatOneToo()
    {
        RegistryFixture fixture = null!;
        Task<Descriptor?>? second = null;
        using (fixture = new(
            _ =>
            {
                if (second is not null)
                {
                    return RegistryFixture.Found();
                }

                second = fixture.ResolveAsync().AsTask();
                return ScriptedHandler.Answer(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "20")]);
            },
            options => options with { Registries = System.Collections.Immutable.ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty.Add(RegistryAddress.Parse(RegistryFixture.Host), new() { MaxConcurrentRequests = 1 }) }))
        {
            await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
            TimeSpan rest = TimeSpan.FromSeconds(20);
            Task waits = fixture.Clock.WaitForTimerAsync(length => length == rest, TestContext.Current.CancellationToken);
            Assert.Same(waits, await Task.WhenAny(waits, second!));
            Assert.Single(fixture.Requests);
            fixture.Clock.Advance(rest);
            Assert.NotNull(await second!);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task SendAsync_TransientStatus_IsRepeated(HttpStatusCode status)
    {
        int count = 0;
        using RegistryFixture fixture = new(_ => ++count == 1 ? ScriptedHandler.Answer(status) : RegistryFixture.Found(), Retrying);
        Task<DevOps.Oci.Descriptor?> resolving = fixture.ResolveAsync().AsTask();
        TimeSpan wait = await fixture.Clock.WaitForTimerAsync(IsRetry, Cancellation);
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(1, count);
        fixture.Clock.Advance(wait);
        Assert.NotNull(await resolving);
        Assert.Equal(2, count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task SendAsync_LastingStatus_IsNotRepeated(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status), Retrying);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(status, error.StatusCode);
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task SendAsync_BrokenConnections_AreRepeatedAsOftenAsAllowed()
    {
        using RegistryFixture fixture = new(_ => throw new HttpRequestException(HttpRequestError.ConnectionError, "The connection broke."), Retrying);
        Task<DevOps.Oci.Descriptor?> resolving = fixture.ResolveAsync().AsTask();
        for (int i = 0; i < 2; i++)
        {
            fixture.Clock.Advance(await fixture.Clock.WaitForTimerAsync(IsRetry, Cancellation));
        }

        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => resolving);
        Assert.Null(error.StatusCode);
        Assert.True(error.IsTransient);
        Assert.Contains("The connection broke", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, fixture.Requests.Count);
    }

    [Fact]
    public async Task SendAsync_UnknownHost_IsNotRepeated()
    {
        using RegistryFixture fixture = new(_ => throw new HttpRequestException(HttpRequestError.NameResolutionError), Retrying);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains("the host name is not known", error.Message, StringComparison.Ordinal);
        Assert.Single(fixture.Requests);
    }

    [Theory] // Source: RFC 9110, section 10.2.3: seconds, or a date.
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("3600", 20)]
    [InlineData("+11", 11)]
    [InlineData("+3600", 20)]
    [InlineData("-60", 0)]
    public async Task SendAsync_RetryAfter_IsHonouredUpToTheCeiling(string retryAfter, int expectedSeconds)
    {
        int count = 0;
        string? header = null;
        using RegistryFixture fixture = new(
            _ => ++count == 1 ? ScriptedHandler.Answer(HttpStatusCode.TooManyRequests, headers: [("Retry-After", header!)]) : RegistryFixture.Found(),
            options => Retrying(options) with { MaxRetryDelay = TimeSpan.FromSeconds(20) });
        header = retryAfter[0] is '+' or '-'
            ? fixture.Clock.GetUtcNow().AddSeconds(int.Parse(retryAfter, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture)
            : retryAfter;
        Task<DevOps.Oci.Descriptor?> resolving = fixture.ResolveAsync().AsTask();
        if (expectedSeconds > 0)
        {
            TimeSpan wait = await fixture.Clock.WaitForTimerAsync(IsRetry, Cancellation);
            Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), wait);
            fixture.Clock.Advance(wait);
        }

        Assert.NotNull(await resolving);
    }

    [Fact]
    public async Task SendAsync_CancelledWhileWaiting_Ends()
    {
        using CancellationTokenSource stop = new();
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.ServiceUnavailable), Retrying);
        Task<DevOps.Oci.Descriptor?> resolving = fixture.Repository.ResolveAsync("latest", stop.Token).AsTask();
        await fixture.Clock.WaitForTimerAsync(IsRetry, Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task SendAsync_NoAnswer_EndsAfterALimit()
    {
        using SilentHandler silent = new();
        using RegistryFixture fixture = new(_ => RegistryFixture.Found(), options => options with { Handler = silent });
        Task<DevOps.Oci.Descriptor?> resolving = fixture.ResolveAsync().AsTask();
        fixture.Clock.Advance(await fixture.Clock.WaitForTimerAsync(_ => true, Cancellation));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => resolving);
        Assert.Contains("no answer came in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_UploadOfWhatIsReadOnce_IsNotReplayed()
    {
        using RegistryFixture fixture = new(
            request => request.Method == HttpMethod.Post
                ? ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/upload/1")])
                : ScriptedHandler.Answer(request.Method == HttpMethod.Put ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent),
            Retrying);
        byte[] bytes = new byte[BlobUploads.MaxSmallBytes + 1];
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() =>
            fixture.Repository.WriteAsync(DevOps.Oci.Descriptor.ForContent("application/octet-stream", bytes), new MemoryStream(bytes), Cancellation));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Equal([HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete], fixture.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task SendAsync_ManifestPut_IsRepeatedWithItsBody()
    {
        int count = 0;
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(++count == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.Created), Retrying);
        Task writing = fixture.Repository.WriteAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), Cancellation);
        fixture.Clock.Advance(await fixture.Clock.WaitForTimerAsync(IsRetry, Cancellation));
        await writing;
        Assert.Equal(2, count);
        Assert.All(fixture.Requests, request => Assert.Equal(RegistryFixture.ManifestBytes, request.Body));
    }

    [Fact]
    public async Task SendAsync_WarningOfTheRegistry_IsLogged()
    {
        using RegistryFixture fixture = new(_ =>
        {
            HttpResponseMessage response = RegistryFixture.Found();
            response.Headers.TryAddWithoutValidation("Warning", "299 - \"this repository is \\\"old\\\"\"");
            return response;
        });
        await fixture.ResolveAsync();
        Assert.Contains("this repository is", Assert.Single(fixture.Log.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryClientOptions { MaxRetries = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryClientOptions { MaxRetryDelay = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryClientOptions { MaxRetryDelay = TimeSpan.FromDays(2) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryClientOptions { NoProgressTimeout = TimeSpan.MaxValue });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CredentialHelperOptions { TimeLimit = TimeSpan.MaxValue });
    }

    private static RegistryClientOptions Retrying(RegistryClientOptions options) => options with { MaxRetries = 2 };

    // The other timer is the limit of a request without an answer.
    private static bool IsRetry(TimeSpan length) => length < TimeSpan.FromSeconds(60);

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("A silent server answers nothing.");
        }
    }
}
