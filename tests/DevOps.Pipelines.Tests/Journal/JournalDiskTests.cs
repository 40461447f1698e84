using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Disks that are full or must not be written.</summary>
public sealed class JournalDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_FullDisk_FailsAndKeepsWhatWasAcknowledged()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string disk = temporary.MakeDirectory("disk");
        await WithDiskAsync(disk, async () =>
        {
            FolderRunStore store = new(disk);
            int acknowledged = 0;
            await using (IRunJournal journal = await store.CreateAsync("run", Cancellation))
            {
                JournalWriteException error = await Assert.ThrowsAsync<JournalWriteException>(async () =>
                {
                    for (; acknowledged < 1000; acknowledged++)
                    {
                        await journal.AppendAsync(Record(acknowledged));
                    }
                });
                Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
                Assert.IsType<IOException>(error.InnerException, exactMatch: false);
                Assert.Equal(Path.Combine(disk, "run", "journal"), error.Path);
                await Assert.ThrowsAsync<JournalWriteException>(() => journal.AppendAsync([1]));
                Assert.Equal(acknowledged, journal.Statistics.Records);
                Assert.Equal(journal.Statistics.LengthBytes, new FileInfo(error.Path).Length);
            }

            Assert.InRange(acknowledged, 1, 999);

            // The run can be opened and read on the full disk, and goes on when there is room.
            await using (IRunJournal reopened = await store.OpenAsync("run", Cancellation))
            {
                Assert.Equal(Enumerable.Range(0, acknowledged).Select(Record), await JournalBytes.ListAsync(reopened.ReadAsync(Cancellation)));
            }

            await Shell.RunAsync("mount", ["-o", "remount,size=8m", disk]);
            await using IRunJournal again = await store.OpenAsync("run", Cancellation);
            await again.AppendAsync(Record(acknowledged));
            Assert.Equal(acknowledged + 1, again.Statistics.Records);
        });
    }

    [Fact]
    public async Task CreateAsync_FullDisk_LeavesNoRun()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string disk = temporary.MakeDirectory("disk");
        await WithDiskAsync(disk, async () =>
        {
            FolderRunStore store = new(disk);
            await (await store.CreateAsync("first", Cancellation)).DisposeAsync();
            try
            {
                await File.WriteAllBytesAsync(Path.Combine(disk, "filler"), new byte[2 << 20], Cancellation);
            }
            catch (IOException)
            {
            }

            await Assert.ThrowsAsync<IOException>(() => store.CreateAsync("run", Cancellation));
            await Assert.ThrowsAsync<IOException>(() => store.PostAsync("first", "m", new byte[5000], Cancellation));

            Assert.Equal(["first"], (await store.ListAsync(Cancellation).ToArrayAsync(Cancellation)).Select(run => run.Id));
            Assert.Empty(await store.ReadMessagesAsync("first", Cancellation).ToArrayAsync(Cancellation));
            File.Delete(Path.Combine(disk, "filler"));
            await (await store.CreateAsync("run", Cancellation)).DisposeAsync();
            await store.PostAsync("first", "m", new byte[5000], Cancellation);
            Assert.Single(await store.ReadMessagesAsync("first", Cancellation).ToArrayAsync(Cancellation));
        });
    }

    [Fact]
    public async Task AnyMember_ReadOnlyDisk_CanReadButNotTakeTheLease()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string disk = temporary.MakeDirectory("disk");
        await WithDiskAsync(disk, async () =>
        {
            FolderRunStore store = new(disk);
            await using (IRunJournal journal = await store.CreateAsync("run", Cancellation))
            {
                await journal.AppendAsync([1]);
            }

            await Shell.RunAsync("mount", ["-o", "remount,ro", disk]);

            Assert.Equal([[1]], await JournalBytes.ListAsync(store.ReadAsync("run", Cancellation)));
            Assert.Single(await store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
            IOException error = await Assert.ThrowsAsync<IOException>(() => store.OpenAsync("run", Cancellation));
            Assert.Contains(disk, error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<IOException>(() => store.CreateAsync("other", Cancellation));
            await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync("run", Cancellation));
        });
    }

    private static byte[] Record(int number)
    {
        byte[] record = new byte[5000];
        Array.Fill(record, (byte)number);
        return record;
    }

    private static async Task WithDiskAsync(string disk, Func<Task> test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
        try
        {
            await test();
        }
        finally
        {
            await Shell.RunAsync("umount", [disk]);
        }
    }
}
