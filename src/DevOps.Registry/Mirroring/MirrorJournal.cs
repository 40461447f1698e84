using System.Text;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A file in which a mirror writes what it did: one JSON object a line, only ever appended to. From it a run that was cut off goes on, and a chosen platform's digest is known without reading the index.</summary>
/// <remarks>
/// Each line is on the disk before the next tag's is written. A last line that was cut off counts as not written, and its work is done again. One mirror at a time uses a journal.
/// Memory: a few hundred bytes for each tag.
/// </remarks>
public sealed class MirrorJournal : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _continuesWithin;
    private readonly Dictionary<string, MirrorJournalEntry> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MirrorJournalEntry> _run = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _deletions = new(StringComparer.Ordinal);
    private MirrorJournalEntry? _open;

    private MirrorJournal(FileStream file, TimeProvider clock, TimeSpan continuesWithin) => (_file, _clock, _continuesWithin) = (file, clock, continuesWithin);

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="continuesWithin">How old a run may be that is gone on with; its tags are not asked about again. One hour if <see langword="null"/>.</param>
    /// <param name="clock">Tells the time of the lines; the system's if <see langword="null"/>.</param>
    /// <exception cref="IOException">The file cannot be used, or another mirror uses it.</exception>
    public static MirrorJournal Open(string path, TimeSpan? continuesWithin = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            MirrorJournal journal = new(file, clock ?? TimeProvider.System, continuesWithin ?? TimeSpan.FromHours(1));
            journal.Load();
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Begins a run, or goes on with one of the same definition that was not finished.</summary>
    internal void Begin(Digest definition)
    {
        lock (_lock)
        {
            if (_open?.Definition != definition.ToString() || _clock.GetUtcNow() - _open.At > _continuesWithin)
            {
                Append(new(MirrorJournalEntry.Started, _clock.GetUtcNow()) { Definition = definition.ToString() });
            }
        }
    }

    internal void Finish() => Write(new(MirrorJournalEntry.Finished, _clock.GetUtcNow()));

    /// <summary>Notes a removal before it is tried, so that no number of crashes adds up to more than may be removed.</summary>
    internal void NoteDeletion(ImageReference target) => Write(new(MirrorJournalEntry.Deleting, _clock.GetUtcNow()) { Target = target.ToString() });

    internal void NoteDone(MirroredTag tag, Digest? source, PlatformSelection platforms) => Write(new(MirrorJournalEntry.Done, _clock.GetUtcNow())
    {
        Source = tag.Source.ToString(),
        Target = tag.Target.ToString(),
        Outcome = tag.Outcome,
        SourceDigest = source,
        Digest = tag.Digest,
        Platforms = platforms.ToString(),
    });

    /// <summary>Returns what this run has done with a tag before it was cut off, or <see langword="null"/>.</summary>
    internal MirrorJournalEntry? FindDone(ImageReference target)
    {
        lock (_lock)
        {
            return _run.GetValueOrDefault(target.ToString());
        }
    }

    /// <summary>Returns the digest that a choice of platforms makes of a source's, if it was made before.</summary>
    internal Digest? FindMade(ImageReference target, Digest source, PlatformSelection platforms)
    {
        lock (_lock)
        {
            return _made.GetValueOrDefault(target.ToString()) is { } entry && entry.SourceDigest == source && entry.Platforms == platforms.ToString() ? entry.Digest : null;
        }
    }

    /// <summary>Returns how many tags of a repository this run has tried to remove.</summary>
    internal int CountDeletions(RegistryAddress registry, RepositoryName name)
    {
        lock (_lock)
        {
            return _deletions.GetValueOrDefault($"{registry}/{name}");
        }
    }

    private void Load()
    {
        using StreamReader reader = new(_file, Utf8, leaveOpen: true);
        string[] lines = reader.ReadToEnd().Split('\n');
        foreach (MirrorJournalEntry entry in lines.Select(MirrorJournalEntry.TryParse).OfType<MirrorJournalEntry>())
        {
            Apply(entry);
        }

        _file.Seek(0, SeekOrigin.End);
        if (lines[^1].Length > 0)
        {
            // What a crash left of a line stays as a line of its own, which says nothing.
            _file.Write("\n"u8);
        }
    }

    private void Write(MirrorJournalEntry entry)
    {
        lock (_lock)
        {
            Append(entry);
        }
    }

    private void Append(MirrorJournalEntry entry)
    {
        _file.Write(Utf8.GetBytes(entry.ToLine() + "\n"));
        _file.Flush(flushToDisk: true);
        Apply(entry);
    }

    private void Apply(MirrorJournalEntry entry)
    {
        switch (entry.Event)
        {
            case MirrorJournalEntry.Started or MirrorJournalEntry.Finished:
                _open = entry.Event == MirrorJournalEntry.Started ? entry : null;
                _run.Clear();
                _deletions.Clear();
                break;
            case MirrorJournalEntry.Deleting when ImageReference.TryParse(entry.Target, out ImageReference? target):
                string repository = $"{target.Registry}/{target.Repository}";
                _deletions[repository] = _deletions.GetValueOrDefault(repository) + 1;
                break;
            case MirrorJournalEntry.Done when entry.Target is { } tag:
                _run[tag] = entry;
                if (entry.SourceDigest is not null && entry.Digest is not null)
                {
                    _made[tag] = entry;
                }

                break;
        }
    }
}
