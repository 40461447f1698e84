using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>The messages of a run: a file each, <c>NUMBER-ID</c>, with one frame of that number. A file has its name only when it is whole and durable.</summary>
internal sealed class InboxFolder(string folder)
{
    private const int DigitCount = 10;

    private const string PartialName = ".partial";

    private readonly string _inbox = RunFolders.InboxOf(folder);

    /// <summary>Adds a message, unless there is one with its id. Only one process at a time may call it.</summary>
    internal void Post(string messageId, ReadOnlySpan<byte> message)
    {
        Directory.CreateDirectory(_inbox);
        long next = 0;
        foreach ((long number, string id, _) in Find())
        {
            if (string.Equals(id, messageId, StringComparison.Ordinal))
            {
                // Its sender may have been ended before the name was durable.
                DirectoryFlush.Flush(_inbox);
                return;
            }

            next = Math.Max(next, number + 1);
        }

        if (next == 0)
        {
            DirectoryFlush.Flush(folder);
        }

        byte[] frame = new byte[message.Length + JournalFrame.OverheadBytes];
        JournalFrame.Write(next, message, Crc32C.Compute(message), frame);
        string partial = Path.Combine(_inbox, PartialName);
        using (SafeFileHandle file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, frame, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(partial, Path.Combine(_inbox, $"{next.ToString("D" + DigitCount, CultureInfo.InvariantCulture)}-{messageId}"));
        DirectoryFlush.Flush(_inbox);
    }

    internal async IAsyncEnumerable<RunMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((long number, string id, string path) in Find().Order().ToArray())
        {
            yield return new(id, await ReadAsync(path, number, cancellationToken).ConfigureAwait(false));
        }
    }

    private IEnumerable<(long Number, string Id, string Path)> Find()
    {
        if (!Directory.Exists(_inbox))
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateFiles(_inbox))
        {
            string name = Path.GetFileName(path);
            if (name.Length > DigitCount && name[DigitCount] == '-' && RunIds.IsValid(name.AsSpan(DigitCount + 1))
                && long.TryParse(name.AsSpan(0, DigitCount), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                yield return (number, name[(DigitCount + 1)..], path);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, long number, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long lengthBytes = RandomAccess.GetLength(file);
        if (lengthBytes is >= JournalFrame.OverheadBytes and <= JournalFrame.MaxRecordBytes + JournalFrame.OverheadBytes)
        {
            byte[] frame = new byte[lengthBytes];
            int read = 0;
            while (read < frame.Length && await RandomAccess.ReadAsync(file, frame.AsMemory(read), read, cancellationToken).ConfigureAwait(false) is int count and > 0)
            {
                read += count;
            }

            if (JournalFrame.TryReadHead(number, frame, out int length) && length == frame.Length - JournalFrame.OverheadBytes && JournalFrame.IsWhole(frame))
            {
                return frame.AsMemory(JournalFrame.HeadBytes, length);
            }
        }

        throw new JournalDamagedException(path, 0, "a message with its checks", $"{lengthBytes} bytes that do not agree with them", "Delete the file, and post the message again under another id.");
    }
}
