namespace DevOps.Archives.Directories;

/// <summary>A time as file systems keep it, since the Unix epoch.</summary>
internal readonly record struct FileTime(long Seconds, uint Nanoseconds) : IComparable<FileTime>
{
    internal static FileTime From(DateTimeOffset time)
    {
        long seconds = time.ToUnixTimeSeconds();
        return new(seconds, (uint)((time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks) * 100));
    }

    public int CompareTo(FileTime other) => Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);
}
