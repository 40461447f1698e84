using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>A blob of several ranges, a server that gives them, and a client that asks for them.</summary>
internal static class RangedBlob
{
    internal const int RangeBytes = 1 << 16;
    internal const int Lanes = 3;
    internal const int Ranges = 11;

    internal static readonly byte[] Bytes = RandomBytes((10 * RangeBytes) + 1234);

    internal static readonly Descriptor Blob = Descriptor.ForContent(MediaTypes.LayerGzip, Bytes);

    internal static readonly BlobRangeOptions Options = new() { MaxRanges = Lanes, RangeBytes = RangeBytes, MinBlobBytes = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static RegistryFixture Reading(Func<SentRequest, HttpResponseMessage> answer, BlobRangeOptions? ranges = null) =>
        new(answer, options => options with { MaxRetries = 3, BlobRanges = ranges ?? Options });

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    internal static long FirstOf(SentRequest request) => request.Message.Headers.Range?.Ranges.Single().From ?? 0;

    internal static string TextOf(int range) => string.Create(CultureInfo.InvariantCulture, $"bytes={range * RangeBytes}-{Math.Min((range + 1) * RangeBytes, Bytes.Length) - 1}");

    internal static string RestOf(int range) => string.Create(CultureInfo.InvariantCulture, $"bytes={range * RangeBytes}-{Bytes.Length - 1}");

    internal static HttpResponseMessage Whole() => new(HttpStatusCode.OK) { Content = new ByteArrayContent(Bytes) };

    internal static byte[] PartOf(SentRequest request, byte[] bytes)
    {
        RangeItemHeaderValue? range = request.Message.Headers.Range?.Ranges.Single();
        return bytes[(int)(range?.From ?? 0)..((int)(range?.To ?? bytes.Length - 1) + 1)];
    }

    internal static HttpResponseMessage Part(SentRequest request, int breaksAfter = int.MaxValue, byte[]? bytes = null, Stream? body = null)
    {
        byte[] part = PartOf(request, bytes ?? Bytes);
        HttpResponseMessage answer = new(request.Message.Headers.Range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(body ?? (breaksAfter < part.Length ? FaultyStream.ThrowingAt(part, breaksAfter, new IOException("reset")) : new MemoryStream(part))),
        };
        if (request.Message.Headers.Range is not null)
        {
            answer.Content.Headers.ContentRange = new(FirstOf(request), FirstOf(request) + part.Length - 1, Bytes.Length);
        }

        return answer;
    }

    internal static Task<byte[]> ReadAsync(RegistryFixture fixture) =>
        MovingAsync(fixture, ReadAllAsync(fixture));

    // The waits before another try; the limits of silence are longer.
    internal static async Task<byte[]> MovingAsync(RegistryFixture fixture, Task<byte[]> read)
    {
        while (!read.IsCompleted)
        {
            Task<TimeSpan> wait = fixture.Clock.WaitForTimerAsync(length => length < TimeSpan.FromSeconds(60), Cancellation);
            if (await Task.WhenAny(read, wait) == wait)
            {
                fixture.Clock.Advance(await wait);
            }
        }

        return await read;
    }

    internal static async Task<byte[]> ReadAllAsync(RegistryFixture fixture)
    {
        await using Stream content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        using MemoryStream read = new();
        await content.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }
}
