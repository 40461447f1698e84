namespace DevOps.Pipelines;

/// <summary>Runs a program and returns its standard output; of one that is longer than the limit, more than half of the limit at least.</summary>
internal delegate Task<string> SecretCommand(string fileName, IReadOnlyList<string> arguments, int maxLength, CancellationToken cancellationToken);

/// <summary>Secrets that a program prints, such as the command line of a password store.</summary>
/// <remarks>
/// The secret is the standard output, without one line end at its end; lines are ended by <c>\n</c>. What the program writes to its standard error is dropped, as it may hold the secret too. A program that ends with a code
/// other than 0 is an error, as programs do not tell by it whether the secret is missing or the store cannot be reached.
/// </remarks>
public sealed class CommandSecrets : ISecretSource
{
    // Of a long output whole lines are left out: what is kept must be too long for a secret all the same.
    private const int MaxOutputLength = SecretMasker.MaxSecretBytes * 4;

    private readonly string _fileName;
    private readonly Func<string, IReadOnlyList<string>> _arguments;
    private readonly SecretCommand _run;

    /// <summary>Creates the source.</summary>
    /// <param name="fileName">The program: a path, or a name that is looked for in the PATH.</param>
    /// <param name="arguments">Makes the arguments from the name of the secret; each reaches the program as it is, no shell reads them.</param>
    public CommandSecrets(string fileName, Func<string, IReadOnlyList<string>> arguments) : this(fileName, arguments, RunAsync)
    {
    }

    internal CommandSecrets(string fileName, Func<string, IReadOnlyList<string>> arguments, SecretCommand run)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        (_fileName, _arguments, _run) = (fileName, arguments, run);
    }

    /// <inheritdoc/>
    public string Name => $"the program '{_fileName}'";

    /// <inheritdoc/>
    /// <exception cref="ProcessStartException">The program cannot be started.</exception>
    public async ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] == '-')
        {
            throw new ArgumentException($"'{name}' cannot be a secret of {Name}: the program would take it for an option.", nameof(name));
        }

        string output;
        try
        {
            output = await _run(_fileName, _arguments(name), MaxOutputLength, cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessFailedException e)
        {
            // The error itself holds the last lines of the output.
            throw new SecretSourceException(name, Name, $"it ended with code {e.ExitCode}; run it by hand to see why");
        }

        Secret? secret = SecretText.Create(output, name);
        return secret?.Reveal().Length > SecretMasker.MaxSecretBytes
            ? throw new SecretSourceException(name, Name, $"it printed more than {SecretMasker.MaxSecretBytes} characters")
            : secret;
    }

    private static async Task<string> RunAsync(string fileName, IReadOnlyList<string> arguments, int maxLength, CancellationToken cancellationToken)
    {
        ProcessResult result = await ProcessExecution.RunAsync(fileName, arguments, new() { MaxOutputLength = maxLength }, ProcessScope.Silent(TimeProvider.System), cancellationToken).ConfigureAwait(false);
        return result.Output;
    }
}
