namespace DevOps.Pipelines;

/// <summary>Controls how a <see cref="FolderRunStore"/> keeps runs.</summary>
public sealed record FolderRunStoreOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static FolderRunStoreOptions Default { get; } = new();

    /// <summary>Gets the clock that dates runs and leases, and paces the waiting for an exclusion.</summary>
    /// <value>The clock of the system by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;

    /// <summary>Gets the name under which this machine holds leases. It is shown to whoever finds a run in use.</summary>
    /// <value>The machine's own name by default.</value>
    /// <exception cref="ArgumentException">The name is empty or has more than one line.</exception>
    public string MachineName { get; init { field = CheckName(value); } } = Environment.MachineName;

    /// <summary>Gets how many bytes of records may wait for the disk in one journal before appending blocks; one record may always wait.</summary>
    /// <value>4 MiB by default. As much is being written at the same time, so a journal takes at most twice this and twice the longest record, each rounded up to a power of two.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or more than 1 GiB.</exception>
    public int MaxQueuedBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 4 << 20;

    private static string CheckName(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return value.AsSpan().ContainsAny('\n', '\r') ? throw new ArgumentException("A machine's name has one line.", nameof(value)) : value;
    }
}
