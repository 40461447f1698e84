using System.Text;

namespace DevOps.Registry;

/// <summary>The lines of a journal on the disk: read piece by piece, appended to, and replaced as a whole where most of them count no more. One process at a time holds it.</summary>
internal sealed class MirrorJournalFile : IDisposable
{
    private const int MaxLineBytes = 1 << 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path;
    private FileStream _file;

    private MirrorJournalFile(string path, FileStream file) => (_path, _file) = (path, file);

    internal static MirrorJournalFile Open(string path)
    {
        FileInfo named = new(Path.GetFullPath(path));
        string target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return new(target, new(target, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>Reads all lines; those that are longer than any that is written here come empty. A last line without an end gets one: what a crash left of it stays as a line of its own.</summary>
    internal IEnumerable<string> ReadLines()
    {
        _file.Seek(0, SeekOrigin.Begin);
        byte[] buffer = new byte[MaxLineBytes];
        using MemoryStream line = new();
        bool isTooLong = false;
        int read;
        while ((read = _file.Read(buffer)) > 0)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, (byte)'\n', start, read - start)) >= 0; start = end + 1)
            {
                Keep(start, end);
                yield return Take();
            }

            Keep(start, read);
        }

        if (line.Length > 0 || isTooLong)
        {
            Append("", DiskFlush.None);
            yield return Take();
        }

        void Keep(int from, int to)
        {
            isTooLong |= line.Length + to - from > MaxLineBytes;
            if (!isTooLong)
            {
                line.Write(buffer, from, to - from);
            }
        }

        string Take()
        {
            string text = isTooLong ? "" : Utf8.GetString(line.GetBuffer(), 0, (int)line.Length);
            (line.Position, isTooLong) = (0, false);
            line.SetLength(0);
            return text;
        }
    }

    internal void Append(string line, DiskFlush flush)
    {
        _file.Write(Utf8.GetBytes(line + "\n"));
        _file.Flush(flush == DiskFlush.ToDisk);
    }

    /// <summary>Puts other lines in the place of all, if the file system can: whoever looks finds the old file or the new one, and both are held.</summary>
    internal void TryReplace(IEnumerable<string> lines)
    {
        if (OperatingSystem.IsWindows())
        {
            // A file that is open cannot be replaced there.
            return;
        }

        string partial = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetRandomFileName()}.partial");
        FileStream? file = null;
        try
        {
            file = new(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = File.GetUnixFileMode(_path) });
            foreach (string line in lines)
            {
                file.Write(Utf8.GetBytes(line + "\n"));
            }

            file.Flush(flushToDisk: true);
            File.Move(partial, _path, overwrite: true);
            (_file, file) = (file, _file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In a directory that nobody may write to, or mounted alone, it cannot be replaced: it stays, and goes on to grow.
            File.Delete(partial);
        }
        finally
        {
            file?.Dispose();
        }
    }

    public void Dispose() => _file.Dispose();
}
