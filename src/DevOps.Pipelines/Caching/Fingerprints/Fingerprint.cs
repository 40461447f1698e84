using System.Collections.Immutable;
using System.Text;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Says what the result of a job depends on. Immutable: each <c>With</c> method returns a new one. <see cref="CaptureAsync"/> reads it all, before the job runs.</summary>
/// <remarks>What is not named is not seen: a job whose result depends on more gives an old result. The order of the calls does not matter. Digests of the values are recorded, from which a short secret can be guessed: name none.</remarks>
public sealed class Fingerprint
{
    private readonly string _name;
    private readonly ImmutableList<FingerprintInput> _inputs;
    private readonly ImmutableList<(string Name, FilePatterns Patterns)> _files;

    private Fingerprint(string name, ImmutableList<FingerprintInput> inputs, ImmutableList<(string Name, FilePatterns Patterns)> files) => (_name, _inputs, _files) = (name, inputs, files);

    /// <summary>Starts the fingerprint of a job; its name is part of it.</summary>
    /// <param name="name">The job's name.</param>
    public static Fingerprint Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, [], []);
    }

    /// <summary>Adds the version of the job's code. Change it when the code means something else; nothing else tells.</summary>
    /// <param name="version">The version.</param>
    /// <exception cref="ArgumentException">There is a version already.</exception>
    public Fingerprint WithVersion(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return With(FingerprintInputKind.Version, "version", version);
    }

    /// <summary>Adds the names, contents, execute bits and link targets of files. Of a link to a file in the root, the content counts too; a link to a directory is refused, for what is in there would not count.</summary>
    /// <param name="name">What people call the files.</param>
    /// <param name="patterns">Which files, below the root that they are captured from.</param>
    /// <exception cref="ArgumentException">There are files of that name already.</exception>
    public Fingerprint WithFiles(string name, FilePatterns patterns)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(patterns);
        return _files.Exists(files => files.Name == name) ? throw Twice(FingerprintInputKind.Files, name) : new(_name, _inputs, _files.Add((name, patterns)));
    }

    /// <summary>Adds the type of a job's result: what was written as one type is not read as another.</summary>
    internal Fingerprint WithType(Type? type) => With(FingerprintInputKind.Version, "type of the result", type?.ToString());

    /// <summary>Adds files under the name that their patterns have.</summary>
    /// <param name="patterns">Which files; see <see cref="FilePatterns"/>.</param>
    public Fingerprint WithFiles(params string[] patterns) => WithFiles(string.Join(", ", patterns), FilePatterns.Of(patterns));

    /// <summary>Adds a value. None is another value than an empty one.</summary>
    /// <param name="name">What people call the value.</param>
    /// <param name="value">The value, or <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">There is a value of that name already.</exception>
    public Fingerprint WithValue(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return With(FingerprintInputKind.Value, name, value);
    }

    /// <summary>Adds environment variables. One that is not set is another thing than one that is empty.</summary>
    /// <param name="environment">The environment that the job will have.</param>
    /// <param name="names">The variables that matter.</param>
    /// <exception cref="ArgumentException">A variable is named twice.</exception>
    public Fingerprint WithVariables(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(names);
        return names.Aggregate(this, (fingerprint, name) => fingerprint.With(FingerprintInputKind.Variable, name, environment.GetValueOrDefault(name)));
    }

    /// <summary>Adds the result of a job that this one needs.</summary>
    /// <param name="job">That job's name.</param>
    /// <param name="result">Its result as bytes, the same ones for the same result; an artifact's digest will do for its files.</param>
    /// <exception cref="ArgumentException">There is a result of that job already.</exception>
    public Fingerprint WithResult(string job, ReadOnlySpan<byte> result)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        return With(new FingerprintInput(FingerprintInputKind.Result, job, Digest.Compute(result), []));
    }

    /// <summary>Reads all inputs as they are now.</summary>
    /// <param name="root">The root of the files; not looked at if there are none.</param>
    /// <param name="options">How; <see cref="FingerprintOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="UnmatchedPatternException">Patterns choose no file.</exception>
    /// <exception cref="FileSelectionException">A chosen file is a pipe or a device, a link that leads out of the root, or one to a directory.</exception>
    /// <exception cref="FileLimitException">There is more than the options allow.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file or directory may not be read.</exception>
    public async Task<FingerprintRecord> CaptureAsync(string root, FingerprintOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        options ??= FingerprintOptions.Default;
        List<FingerprintInput> inputs = [.. _inputs];
        foreach ((string name, FilePatterns patterns) in _files)
        {
            FileSelection selection = FileWalk.Find(root, patterns, new(options.MaxFiles, options.MaxBytes), cancellationToken);
            if (options.Unmatched == UnmatchedPatterns.Fail ? !selection.Unmatched.IsEmpty : options.Unmatched == UnmatchedPatterns.FailWhenAll && selection.FileCount == 0)
            {
                throw new UnmatchedPatternException($"The fingerprint of '{_name}'", root, selection.Unmatched);
            }

            inputs.Add(await FileHashes.HashAsync(name, selection, options, cancellationToken).ConfigureAwait(false));
        }

        return new(_name, inputs);
    }

    private static ArgumentException Twice(FingerprintInputKind kind, string name) => new($"The fingerprint has {kind.ToString().ToLowerInvariant()} '{name}' already. Give it another name.", nameof(name));

    private Fingerprint With(FingerprintInputKind kind, string name, string? value)
    {
        // A byte in front tells what is not there from every text, "" and "null" too.
        byte[] bytes = value is null ? [0] : [1, .. Encoding.UTF8.GetBytes(value)];
        return With(new FingerprintInput(kind, name, Digest.Compute(bytes), []));
    }

    private Fingerprint With(FingerprintInput input) =>
        _inputs.Exists(other => other.Kind == input.Kind && other.Name == input.Name) ? throw Twice(input.Kind, input.Name) : new(_name, _inputs.Add(input), _files);
}
