using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Journals as files, made and read by the store itself.</summary>
internal static class JournalBytes
{
    internal const string RunId = "run";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static string PathOf(TemporaryDirectory temporary) => temporary.PathOf($"{RunId}/journal");

    /// <summary>Writes a journal with such records.</summary>
    internal static async Task<byte[]> CreateAsync(TemporaryDirectory temporary, params IEnumerable<byte[]> records)
    {
        IRunJournal journal = await new FolderRunStore(temporary.Path).CreateAsync(RunId, Cancellation);
        await using (journal)
        {
            foreach (byte[] record in records)
            {
                await journal.AppendAsync(record);
            }
        }

        return await File.ReadAllBytesAsync(PathOf(temporary), Cancellation);
    }

    /// <summary>Opens a journal with such bytes.</summary>
    internal static async Task<List<byte[]>> OpenAsync(TemporaryDirectory temporary, byte[] bytes)
    {
        await File.WriteAllBytesAsync(PathOf(temporary), bytes, Cancellation);
        IRunJournal journal = await new FolderRunStore(temporary.Path).OpenAsync(RunId, Cancellation);
        await using (journal)
        {
            return await ListAsync(journal.ReadAsync(Cancellation));
        }
    }

    internal static async Task<List<byte[]>> ListAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> records)
    {
        List<byte[]> list = [];
        await foreach (ReadOnlyMemory<byte> record in records)
        {
            list.Add(record.ToArray());
        }

        return list;
    }

    internal static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Records of every small length, then some at the edges of the reader's chunks.</summary>
    internal static IEnumerable<byte[]> Random(int seed, int count, int maxLengthBytes)
    {
        Random random = new(Soak.Seed(seed));
        for (int i = 0; i < count; i++)
        {
            byte[] record = new byte[random.Next(maxLengthBytes + 1)];
            random.NextBytes(record);
            yield return record;
        }
    }
}
