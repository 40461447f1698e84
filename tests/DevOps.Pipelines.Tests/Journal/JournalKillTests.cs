using System.Diagnostics;
using System.Globalization;
using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>A process that is ended at any moment while it appends: what it was told is durable is there, and the run is free.</summary>
public sealed class JournalKillTests
{
    private const string RunId = "run";

    private const string Variable = "DEVOPS_TEST_JOURNAL";

    private const string Mark = "durable ";

    private const string End = ".";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_ProcessKilled_EveryAcknowledgedRecordIsThere()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        FolderRunStore store = new(temporary.Path);
        await (await store.CreateAsync(RunId, Cancellation)).DisposeAsync();
        Random random = new(Soak.Seed(1));
        long before = 0;
        for (int round = 0; round < Soak.Times(20); round++)
        {
            using Process child = Start(temporary.Path);
            long until = before + random.Next(1, 2000);
            long acknowledged = 0;
            while (acknowledged < until)
            {
                acknowledged = await ReadAcknowledgedAsync(child) ?? throw new InvalidOperationException("The process ended by itself.");
            }

            RunLeaseException held = await Assert.ThrowsAsync<RunLeaseException>(() => store.OpenAsync(RunId, Cancellation));
            Assert.Equal(child.Id, held.Holder!.ProcessId);
            child.Kill();
            while (await ReadAcknowledgedAsync(child) is { } more)
            {
                acknowledged = more;
            }

            await child.WaitForExitAsync(Cancellation);
            await using IRunJournal journal = await store.OpenAsync(RunId, Cancellation);
            List<byte[]> found = await JournalBytes.ListAsync(journal.ReadAsync(Cancellation));
            Assert.True(found.Count >= acknowledged, $"{acknowledged} records were acknowledged, {found.Count} are there.");
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal(Record(i), found[i]);
            }

            before = found.Count;
        }
    }

    /// <summary>The process that is killed: goes on with the run, and says how many records are durable.</summary>
    [Fact(Explicit = true)]
    public async Task Inner_AppendForEver()
    {
        string? directory = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(directory is null, "Only another test starts this, in a process that it kills.");
        await using IRunJournal journal = await new FolderRunStore(directory).OpenAsync(RunId, Cancellation);
        for (long number = journal.Statistics.Records; ; number++)
        {
            Task durable = journal.AppendAsync(Record(number));
            if (number % 7 == 0)
            {
                await durable;
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{number + 1}{End}"));
            }
        }
    }

    private static Process Start(string directory)
    {
        ProcessStartInfo info = new(Environment.ProcessPath!, ["-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(JournalKillTests).FullName}.{nameof(Inner_AppendForEver)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = directory },
        };
        return Process.Start(info)!;
    }

    // A line that the end of the process has cut is not counted.
    private static async Task<long?> ReadAcknowledgedAsync(Process child)
    {
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal) && line.EndsWith(End, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan()[Mark.Length..^End.Length], CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static byte[] Record(long number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {new string('x', (int)(number * 37 % 301))}"));
}
