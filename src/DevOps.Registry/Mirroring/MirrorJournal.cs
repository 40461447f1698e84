using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A file in which a mirror writes what it did: one JSON object a line, appended as it goes. From it a run that was cut off goes on, and a chosen platform's digest is known without reading the index.</summary>
/// <remarks>
/// What was changed is on the disk before the next tag's line is written; that a tag was up to date, only with the system. A line that was cut off or damaged counts as not written, and its work is done again.
/// When it is opened, lines that count no more are dropped, once they are the most. One mirror at a time uses a journal. Memory: a few hundred bytes for each tag.
/// </remarks>
public sealed class MirrorJournal : IDisposable
{
    private const int MinDroppedLines = 1000;

    private readonly Lock _lock = new();
    private readonly MirrorJournalFile _file;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _continuesWithin;
    private readonly Dictionary<string, MirrorJournalEntry> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MirrorJournalEntry> _run = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _deletions = new(StringComparer.Ordinal);
    private readonly List<MirrorJournalEntry> _deleting = [];
    private Dictionary<string, MirrorJournalEntry> _before = [];
    private MirrorJournalEntry? _open;

    private MirrorJournal(MirrorJournalFile file, TimeProvider clock, TimeSpan continuesWithin) => (_file, _clock, _continuesWithin) = (file, clock, continuesWithin);

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="continuesWithin">How long ago a run may have begun that is gone on with; its tags are not asked about again. One hour if <see langword="null"/>; none is gone on with if it is negative.</param>
    /// <param name="timeProvider">Tells the time of the lines; the system's if <see langword="null"/>.</param>
    /// <exception cref="IOException">The file cannot be used, or another mirror uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read and written.</exception>
    public static MirrorJournal Open(string path, TimeSpan? continuesWithin = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MirrorJournalFile file = MirrorJournalFile.Open(path);
        try
        {
            MirrorJournal journal = new(file, timeProvider ?? TimeProvider.System, continuesWithin ?? TimeSpan.FromHours(1));
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
            DateTimeOffset now = _clock.GetUtcNow();

            // A run that began later than now says that a clock was set: nothing is known of its age.
            if (_open?.Definition != definition.ToString() || _open.At > now || now - _open.At > _continuesWithin)
            {
                Append(new(MirrorJournalEntry.Started, now) { Definition = definition.ToString() });
            }

            _before = new(_run, StringComparer.Ordinal);
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
    internal MirrorJournalEntry? FindDone(ImageReference source, ImageReference target, PlatformSelection platforms)
    {
        lock (_lock)
        {
            return _before.GetValueOrDefault(target.ToString()) is { } entry && entry.Source == source.ToString() && entry.Platforms == platforms.ToString() ? entry : null;
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
        int lines = 0;
        foreach (string line in _file.ReadLines())
        {
            lines++;
            if (MirrorJournalEntry.TryParse(line) is { } entry)
            {
                Apply(entry);
            }
        }

        int counting = _made.Count + (_open is null ? 0 : 1 + _run.Count + _deleting.Count);
        if (lines - counting >= Math.Max(MinDroppedLines, counting))
        {
            _file.TryReplace(Counting().Select(entry => entry.ToLine()));
        }
    }

    private List<MirrorJournalEntry> Counting() =>
        _open is null ? [.. _made.Values] : [.. _made.Values.Where(made => _run.GetValueOrDefault(made.Target!) != made), _open, .. _deleting, .. _run.Values];

    private void Write(MirrorJournalEntry entry)
    {
        lock (_lock)
        {
            Append(entry);
        }
    }

    private void Append(MirrorJournalEntry entry)
    {
        _file.Append(entry.ToLine(), entry.Outcome == MirrorOutcome.UpToDate ? DiskFlush.None : DiskFlush.ToDisk);
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
                _deleting.Clear();
                break;
            case MirrorJournalEntry.Deleting when ImageReference.TryParse(entry.Target, out ImageReference? target):
                string repository = $"{target.Registry}/{target.Repository}";
                _deletions[repository] = _deletions.GetValueOrDefault(repository) + 1;
                _deleting.Add(entry);
                break;
            case MirrorJournalEntry.Done when entry.Target is { } tag:
                _run[tag] = entry;
                _made.Remove(tag);
                if (entry is { SourceDigest: not null, Digest: not null } && entry.Platforms != PlatformSelection.All.ToString())
                {
                    _made[tag] = entry;
                }

                break;
        }
    }
}
