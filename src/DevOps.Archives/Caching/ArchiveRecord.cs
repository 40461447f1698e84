using System.Globalization;
using DevOps.Archives.Packing;
using DevOps.Oci;

namespace DevOps.Archives.Caching;

/// <summary>What a cache knows of an archive that it holds, by what it is: the recipe, and the digest before compression.</summary>
/// <param name="Packed">What is known of the archive.</param>
/// <param name="Stamp">The time of modification that the blob was given, in seconds since the Unix epoch: another one shows that someone wrote to it.</param>
internal sealed record ArchiveRecord(PackResult Packed, long Stamp)
{
    internal string BlobName => Packed.Digest.Hex;

    internal static string KeyOf(string recipe, Digest tarDigest)
    {
        using KeyWriter key = new();
        key.Add("devops-archive/1");
        key.Add(recipe);
        key.Add(tarDigest.ToString());
        return key.ToKey();
    }

    internal void Write(CacheFolder folder, string key) => CacheRecord.Write(folder, CacheFolder.Archives, key,
    [
        Packed.Digest.ToString(), Text(Packed.SizeBytes), Packed.TarDigest.ToString(), Text(Packed.TarSizeBytes), Text(Packed.MemberCount), Text(Stamp),
    ]);

    internal static ArchiveRecord? Find(CacheSession session, string key) =>
        CacheRecord.Read(session, CacheFolder.Archives, key) is [var digest, var size, var tarDigest, var tarSize, var count, var stamp]
        && Digest.TryParse(digest, out Digest? packed) && Digest.TryParse(tarDigest, out Digest? tar)
        && Number(size) is { } sizeBytes && Number(tarSize) is { } tarSizeBytes && Number(count) is { } members && Number(stamp) is { } seconds
            ? new(new() { Digest = packed, SizeBytes = sizeBytes, TarDigest = tar, TarSizeBytes = tarSizeBytes, MemberCount = members }, seconds)
            : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
