using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Repositories;

public sealed class BlobBodyTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    private static readonly Descriptor Blob = Descriptor.ForContent(MediaTypes.LayerGzip, Bytes);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenReadAsync_ConnectionsThatBreak_GoesOnWhereTheyDid()
    {
        Queue<int> breaks = new([300, 0, 400]);
        using RegistryFixture fixture = Resuming(request => Part(request, breaks.TryDequeue(out int after) ? after : int.MaxValue));
        byte[] read = await ReadAsync(fixture);
        Assert.Equal(Bytes, read);
        Assert.Equal(["", "bytes=300-999", "bytes=300-999", "bytes=700-999"], fixture.Requests.Select(request => request.Message.Headers.Range?.ToString() ?? ""));
    }

    [Fact]
    public async Task OpenReadAsync_RangeIgnored_SkipsWhatItHas()
    {
        int asked = 0;
        using RegistryFixture fixture = Resuming(_ => new(HttpStatusCode.OK) { Content = new StreamContent(asked++ == 0 ? FaultyStream.ThrowingAt(Bytes, 123, new IOException("reset")) : new MemoryStream(Bytes)) });
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Equal(2, asked);
    }

    [Theory] // Source: RFC 9110, section 14.4. What is not the range that was asked for would be another content.
    [InlineData("bytes 299-999/1000")]
    [InlineData("bytes 301-999/1000")]
    [InlineData("bytes 300-998/1000")]
    [InlineData("bytes 300-1000/1001")]
    [InlineData("bytes 300-999/1001")]
    [InlineData("bytes */1000")]
    [InlineData("items 300-999/1000")]
    [InlineData(null)]
    public async Task OpenReadAsync_LyingRange_IsRefused(string? range)
    {
        int asked = 0;
        using RegistryFixture fixture = Resuming(_ =>
        {
            if (asked++ == 0)
            {
                return new(HttpStatusCode.OK) { Content = new StreamContent(FaultyStream.ThrowingAt(Bytes, 300, new IOException("reset"))) };
            }

            HttpResponseMessage answer = new(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(Bytes[300..]) };
            answer.Content.Headers.ContentRange = range is null ? null : ContentRangeHeaderValue.Parse(range);
            return answer;
        });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(fixture));
        Assert.Contains("bytes 300 to 999 of 1000", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task OpenReadAsync_NoProgress_GivesUpWithTheCause()
    {
        using RegistryFixture fixture = Resuming(request => Part(request, 0));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(fixture));
        Assert.Equal("reset", error.InnerException?.Message);
        Assert.True(error.IsTransient);
        Assert.StartsWith($"Could not read {Blob.Digest} at registry.example: the answer broke off after 0 of 1000 bytes: reset. Try again", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, fixture.Requests.Count);
    }

    [Fact]
    public async Task OpenReadAsync_WrongByteInTheResumedPart_IsFound()
    {
        int asked = 0;
        using RegistryFixture fixture = Resuming(request =>
        {
            byte[] bytes = [.. Bytes];
            bytes[900] ^= (byte)asked;
            return Part(request, asked++ == 0 ? 500 : int.MaxValue, bytes);
        });
        await Assert.ThrowsAsync<DigestMismatchException>(() => ReadAsync(fixture));
    }

    [Fact]
    public async Task OpenReadAsync_BrokenAfterTheLastByte_IsWhole()
    {
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(FaultyStream.ThrowingAt(Bytes, Bytes.Length, new IOException("reset"))) });
        Assert.Equal(Bytes, await ReadAsync(fixture));
    }

    [Fact]
    public async Task OpenReadAsync_GoneWhileItIsRead_IsNotFound()
    {
        using RegistryFixture fixture = Resuming(request => request.Message.Headers.Range is null ? Part(request, 10) : new(HttpStatusCode.NotFound) { Content = new ByteArrayContent([]) });
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => ReadAsync(fixture));
        Assert.Equal(Blob.Digest.ToString(), error.Content);
    }

    [Fact]
    public async Task OpenReadAtAsync_FromTheStart_DoesNotGiveMoreThanTheContent()
    {
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new ByteArrayContent([.. Bytes, 1, 2, 3]) });
        await using Stream content = await fixture.Repository.OpenReadAtAsync(Blob, 0, Cancellation);
        using MemoryStream read = new();
        await Assert.ThrowsAsync<SizeMismatchException>(() => content.CopyToAsync(read, Cancellation));
        Assert.Equal(0, read.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public async Task OpenReadAtAsync_ReadAfterItWasDisposed_AsksForNothing(long offset)
    {
        using RegistryFixture fixture = Resuming(request => Part(request, int.MaxValue));
        Stream content = await fixture.Repository.OpenReadAtAsync(Blob, offset, Cancellation);
        await content.ReadExactlyAsync(new byte[10], Cancellation);
        await content.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await content.ReadExactlyAsync(new byte[10], Cancellation));
        Assert.Single(fixture.Requests);
    }

    private static RegistryFixture Resuming(Func<SentRequest, HttpResponseMessage> answer) => new(answer, options => options with { MaxRetries = 3 });

    private static HttpResponseMessage Part(SentRequest request, int breaksAfter, byte[]? bytes = null)
    {
        bytes ??= Bytes;
        RangeItemHeaderValue? range = request.Message.Headers.Range?.Ranges.Single();
        int from = (int)(range?.From ?? 0);
        byte[] part = bytes[from..];
        HttpResponseMessage answer = new(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(breaksAfter < part.Length ? FaultyStream.ThrowingAt(part, breaksAfter, new IOException("reset")) : new MemoryStream(part)),
        };
        if (range is not null)
        {
            answer.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{bytes.Length - 1}/{bytes.Length}"));
        }

        return answer;
    }

    private static async Task<byte[]> ReadAsync(RegistryFixture fixture)
    {
        Task<byte[]> read = ReadAllAsync(fixture);
        while (!read.IsCompleted)
        {
            // The waits before another try; the limits of silence are longer.
            Task<TimeSpan> wait = fixture.Clock.WaitForTimerAsync(length => length < TimeSpan.FromSeconds(60), Cancellation);
            if (await Task.WhenAny(read, wait) == wait)
            {
                fixture.Clock.Advance(await wait);
            }
        }

        return await read;
    }

    private static async Task<byte[]> ReadAllAsync(RegistryFixture fixture)
    {
        await using Stream content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        using MemoryStream read = new();
        await content.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }
}
