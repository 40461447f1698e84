namespace DevOps.Pipelines;

/// <summary>Controls a program made of a pipeline.</summary>
public sealed record ProgramOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ProgramOptions Default { get; } = new();

    /// <summary>Gets what runs begin with; the command line goes before it.</summary>
    /// <value><see cref="RunOptions.Default"/> by default. Its store, if it has one, takes the place of <see cref="StateDirectory"/>; its <see cref="RunOptions.Progress"/> is told besides the view.</value>
    public RunOptions Run { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = RunOptions.Default;

    /// <summary>Gets what the names of variables begin with that give values to parameters, as <c>SHOP_</c> for <c>SHOP_IMAGE_TAG</c>.</summary>
    /// <value>Empty by default: <c>IMAGE_TAG</c> is the parameter <c>image-tag</c>.</value>
    public string EnvironmentPrefix { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = "";

    /// <summary>Gets the directory that keeps the runs.</summary>
    /// <value><c>.devops/runs</c> in the root of the git checkout by default, or in the working directory if that is in none. <c>.devops</c> gets a <c>.gitignore</c>, so that it does not make the checkout dirty.</value>
    public string? StateDirectory { get; init; }

    /// <summary>Gets how the program is called, for the commands that it tells people to type.</summary>
    /// <value><c>dotnet run FILE --</c> for a file-based app by default, else the name of the process's file.</value>
    public string? Command { get; init; }

    /// <summary>Gets what <c>--version</c> tells.</summary>
    /// <value><see langword="null"/> by default: there is no such option.</value>
    public string? Version { get; init; }

    /// <summary>Gets what is done with signals.</summary>
    /// <value><see cref="ProgramSignals.Handle"/> by default.</value>
    public ProgramSignals Signals { get; init; }

    /// <summary>Gets what is called before a run is started, restarted or resumed, once the command line was understood: to make a place for its results ready.</summary>
    /// <value>Nothing by default. Not called for the other commands. If it fails, nothing is started and its error is told.</value>
    public Func<CancellationToken, Task>? Starting { get; init; }

    /// <summary>Gets what is called once a run ended, after its summary was written: for lines of the program's own.</summary>
    /// <value>Nothing by default. Not called for the other commands, or with <c>--json</c>. An error in it is told, and the exit code is then not 0.</value>
    public Func<PipelineResult, Task>? Finished { get; init; }
}
