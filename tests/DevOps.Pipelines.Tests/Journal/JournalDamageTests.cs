using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>What can become of a journal's file: a torn tail costs nothing that was acknowledged, and everything else is refused and left as it is.</summary>
public sealed class JournalDamageTests
{
    // Lengths of records: none, some, and bytes that are zero at the end.
    private static readonly byte[][] Records = [[], [1], [2, 0, 0, 0, 0, 0], JournalBytes.Text("a record"), [0, 0, 0], JournalBytes.Text("the last one")];

    [Fact]
    public async Task OpenAsync_AnyBitFlipped_IsRefusedAndUntouched()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));

            await IsRefusedAsync(temporary, damaged, $"bit {bit}");
        }
    }

    // A byte that became zero is the damage most like a torn tail.
    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public async Task OpenAsync_AnyByteReplaced_IsRefused(byte value)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] = value;
            if (damaged[at] != whole[at])
            {
                await IsRefusedAsync(temporary, damaged, $"byte {at}");
            }
        }
    }

    [Fact]
    public async Task OpenAsync_AnyByteReplacedInJournalsOfOtherRecords_IsRefused()
    {
        Random random = new(Soak.Seed(1));
        for (int round = 0; round < Soak.Times(200); round++)
        {
            using TemporaryDirectory temporary = TemporaryDirectory.Create();
            byte[] whole = await JournalBytes.CreateAsync(temporary, JournalBytes.Random(round, random.Next(1, 5), 30));
            int at = random.Next(4) == 0 ? whole.Length - 1 - random.Next(4) : random.Next(whole.Length);
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)random.Next(1, 256);

            await IsRefusedAsync(temporary, damaged, $"round {round}, byte {at}");
        }
    }

    [Fact]
    public async Task OpenAsync_TruncatedAnywhere_HasTheWholeRecordsBeforeAndGoesOn()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        for (int length = JournalHeader.LengthBytes; length < whole.Length; length++)
        {
            int expected = CountWhole(length);

            Assert.Equal(Records[..expected], await JournalBytes.OpenAsync(temporary, whole[..length]));
            await GoesOnAsync(temporary, expected);
        }
    }

    [Fact]
    public async Task OpenAsync_HeaderCut_IsRefused()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        for (int length = 0; length < JournalHeader.LengthBytes; length++)
        {
            await IsRefusedAsync(temporary, whole[..length], $"{length} bytes");
        }
    }

    // From every byte on, the file is zeros: to its old end, and for a page and more behind it.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(4096)]
    [InlineData(300_000)]
    public async Task OpenAsync_ZerosFromAnywhereToTheEnd_HasTheWholeRecordsBefore(int more)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        for (int from = JournalHeader.LengthBytes; from <= whole.Length; from++)
        {
            byte[] torn = [.. whole[..from], .. new byte[whole.Length - from + more]];
            if (more == 0 && torn.AsSpan(^4..).ContainsAnyExcept((byte)0))
            {
                // Less than four zeros may be one damaged byte: nothing is guessed.
                if (from < whole.Length)
                {
                    await IsRefusedAsync(temporary, torn, $"zeros from {from}");
                }

                continue;
            }

            Assert.Equal(Records[..CountWhole(from)], await JournalBytes.OpenAsync(temporary, torn));
            await GoesOnAsync(temporary, CountWhole(from));
        }
    }

    [Fact]
    public async Task OpenAsync_ZerosWithSomethingBehind_IsRefused()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);

        await IsRefusedAsync(temporary, [.. whole, .. new byte[300_000], 1], "zeros, then a byte");
    }

    [Fact]
    public async Task OpenAsync_FramesSwappedDoubledOrLeftOut_IsRefused()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, [1, 1], [2, 2], [2, 2], [3, 3]);
        byte[] header = whole[..JournalHeader.LengthBytes];
        byte[][] frames = [.. whole[JournalHeader.LengthBytes..].Chunk(2 + JournalFrame.OverheadBytes)];

        Assert.Equal(4, (await JournalBytes.OpenAsync(temporary, [.. header, .. frames.SelectMany(frame => frame)])).Count);
        await IsRefusedAsync(temporary, [.. header, .. frames[1], .. frames[0], .. frames[2], .. frames[3]], "first two swapped");
        await IsRefusedAsync(temporary, [.. header, .. frames[0], .. frames[2], .. frames[1], .. frames[3]], "equal records swapped");
        await IsRefusedAsync(temporary, [.. header, .. frames[0], .. frames[0], .. frames[1]], "first doubled");
        await IsRefusedAsync(temporary, [.. whole, .. frames[3]], "last doubled");
        await IsRefusedAsync(temporary, [.. header, .. frames[1], .. frames[2], .. frames[3]], "first left out");
        await IsRefusedAsync(temporary, [.. header, .. frames[0], .. frames[2], .. frames[3]], "second left out");
    }

    [Fact]
    public async Task OpenAsync_RandomDamage_IsRefusedOrGivesAPrefix()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] whole = await JournalBytes.CreateAsync(temporary, Records);
        foreach (byte[] damaged in Damage.Of(whole, 2, 1000))
        {
            List<byte[]> found;
            try
            {
                found = await JournalBytes.OpenAsync(temporary, damaged);
            }
            catch (JournalDamagedException)
            {
                continue;
            }

            Assert.Equal(Records[..found.Count], found);
        }
    }

    [Fact]
    public async Task OpenAsync_ForeignFile_SaysSo()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await JournalBytes.CreateAsync(temporary);

        JournalDamagedException error = await IsRefusedAsync(temporary, JournalBytes.Text("#!/bin/sh\nexec true # and some more text\n"), "a script");

        Assert.Equal(0, error.Offset);
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        await IsRefusedAsync(temporary, [], "an empty file");
    }

    [Fact]
    public async Task OpenAsync_NewerVersion_SaysWhatReadsIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] newer = await JournalBytes.CreateAsync(temporary, Records);
        newer[8] = 2;
        BitConverter.TryWriteBytes(newer.AsSpan(20), Crc32C.Compute(newer.AsSpan(0, 20)));

        JournalDamagedException error = await IsRefusedAsync(temporary, newer, "version 2");

        Assert.Contains("newer version of this library", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer format 2", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DirectoryInPlaceOfTheFile_IsRefused()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        temporary.MakeDirectory($"{JournalBytes.RunId}/journal");
        FolderRunStore store = new(temporary.Path);

        JournalDamagedException error = await Assert.ThrowsAsync<JournalDamagedException>(() => store.OpenAsync(JournalBytes.RunId, TestContext.Current.CancellationToken));

        Assert.Equal("a directory", error.Found);
        Assert.True(await store.DeleteAsync(JournalBytes.RunId, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ReadAsync_Damaged_YieldsWhatIsRightFirst()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] damaged = await JournalBytes.CreateAsync(temporary, Records);
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(JournalBytes.PathOf(temporary), damaged, TestContext.Current.CancellationToken);
        List<byte[]> seen = [];

        JournalDamagedException error = await Assert.ThrowsAsync<JournalDamagedException>(async () =>
        {
            await foreach (ReadOnlyMemory<byte> record in new FolderRunStore(temporary.Path).ReadAsync(JournalBytes.RunId, TestContext.Current.CancellationToken))
            {
                seen.Add(record.ToArray());
            }
        });

        Assert.Equal(Records[..^1], seen);
        Assert.Equal(damaged.Length - Records[^1].Length - JournalFrame.OverheadBytes, error.Offset);
        Assert.Contains($"cut it to {error.Offset} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_LongRecords_SurviveChunksAndTruncation()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[][] records = [.. JournalBytes.Random(3, 12, 700_000), new byte[JournalFrame.MaxRecordBytes]];
        byte[] whole = await JournalBytes.CreateAsync(temporary, records);

        Assert.Equal(records, await JournalBytes.OpenAsync(temporary, whole));
        Assert.Equal(records[..^1], await JournalBytes.OpenAsync(temporary, whole[..^1]));
    }

    private static int CountWhole(int lengthBytes)
    {
        int count = 0;
        for (int end = JournalHeader.LengthBytes; count < Records.Length && (end += Records[count].Length + JournalFrame.OverheadBytes) <= lengthBytes; count++)
        {
        }

        return count;
    }

    private static async Task<JournalDamagedException> IsRefusedAsync(TemporaryDirectory temporary, byte[] bytes, string what)
    {
        try
        {
            List<byte[]> found = await JournalBytes.OpenAsync(temporary, bytes);
            throw new InvalidOperationException($"Taken with {found.Count} records: {what}");
        }
        catch (JournalDamagedException e)
        {
            Assert.Equal(bytes, await File.ReadAllBytesAsync(JournalBytes.PathOf(temporary), TestContext.Current.CancellationToken));
            return e;
        }
    }

    private static async Task GoesOnAsync(TemporaryDirectory temporary, int expected)
    {
        FolderRunStore store = new(temporary.Path);
        byte[] added = JournalBytes.Text("added");
        IRunJournal journal = await store.OpenAsync(JournalBytes.RunId, TestContext.Current.CancellationToken);
        await using (journal)
        {
            await journal.AppendAsync(added);
        }

        Assert.Equal([.. Records[..expected], added], await JournalBytes.ListAsync(store.ReadAsync(JournalBytes.RunId, TestContext.Current.CancellationToken)));
    }
}
