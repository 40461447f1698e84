using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>A journal's file on disk.</summary>
internal sealed class JournalFile(SafeFileHandle handle, string path) : IJournalFile
{
    public string Path => path;

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public void SetLength(long lengthBytes) => RandomAccess.SetLength(handle, lengthBytes);
}
