namespace DevOps.Pipelines;

/// <summary>Says what a dependency cache is for: a name, and what its content depends on. Immutable: each <c>With</c> method returns a new one.</summary>
/// <remarks>Contents of files are hashed each time; neither their times nor sizes nor commits count.</remarks>
public sealed class CacheKey
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 255;

    private readonly Fingerprint _fingerprint;

    private CacheKey(string name, Fingerprint fingerprint) => (Name, _fingerprint) = (name, fingerprint);

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Starts a key. Another job can restore any cache whose name starts with a text that it chooses: who must not share, has another start.</summary>
    /// <param name="name">The name, by GitLab's rules: not empty, no <c>/</c> (nor <c>%2F</c>), and not only dots; here also no backslash, no control characters, and no more than <see cref="MaxNameLength"/> characters.</param>
    /// <exception cref="ArgumentException">The name breaks a rule.</exception>
    public static CacheKey Of(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return FindMistake(name) is { } mistake
            ? throw new ArgumentException($"'{name}' is not the name of a cache: {mistake}.", nameof(name))
            : new(name, Fingerprint.Of(name));
    }

    /// <summary>Adds the contents of files, as <c>**/packages.lock.json</c>. One of the patterns must choose a file.</summary>
    /// <param name="patterns">Which files; see <see cref="FilePatterns"/>.</param>
    /// <exception cref="ArgumentException">A pattern means nothing, or the same are there already.</exception>
    public CacheKey WithFiles(params string[] patterns) => new(Name, _fingerprint.WithFiles(patterns));

    /// <summary>Adds a value, as the name of the operating system or the version of a tool. None is another value than an empty one.</summary>
    /// <param name="name">What people call the value.</param>
    /// <param name="value">The value, or <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">There is a value of that name already.</exception>
    public CacheKey WithValue(string name, string? value) => new(Name, _fingerprint.WithValue(name, value));

    /// <summary>Reads all that the key depends on, as it is now. Do so before the job runs, and use the same result to restore and to save.</summary>
    /// <param name="root">The root of the files; not looked at if there are none.</param>
    /// <param name="options">How; <see cref="FingerprintOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="UnmatchedPatternException">Patterns choose no file.</exception>
    /// <exception cref="FileSelectionException">A chosen file is a pipe or a device, or a link that leads out of the root.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<CapturedCacheKey> CaptureAsync(string root, FingerprintOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await _fingerprint.CaptureAsync(root, options, cancellationToken).ConfigureAwait(false));

    private static string? FindMistake(string name) =>
        name.Length > MaxNameLength ? $"it has more than {MaxNameLength} characters"
        : name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) || name.Contains("%2f", StringComparison.OrdinalIgnoreCase) ? "it has a slash in it"
        : name.All(character => character == '.') || name.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).All(character => character == '.') ? "it has only dots"
        : name.Any(char.IsControl) ? "it has a control character in it"
        : null;
}
