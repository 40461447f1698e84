namespace DevOps.Pipelines;

/// <summary>Runs processes: the one door from a pipeline to other programs. <see cref="SystemProcessRunner"/> starts real ones; a test can put answers of its own in its place.</summary>
public interface IProcessRunner
{
    /// <summary>Runs one process to its end.</summary>
    /// <param name="request">What to run, and how.</param>
    /// <param name="sink">Takes what the process writes. It is called by one thread at a time and not after the returned task ended; an error of it ends the process and is thrown on.</param>
    /// <param name="cancellationToken">Ends the process and all that it started, as <see cref="ProcessRequest.GracePeriod"/> tells.</param>
    /// <returns>How it ended: any exit code and a time that ran out are results, not errors.</returns>
    /// <exception cref="ProcessStartException">The program cannot be started.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory does not exist.</exception>
    /// <exception cref="OperationCanceledException">The process was ended by the token.</exception>
    Task<ProcessExit> RunAsync(ProcessRequest request, IProcessSink sink, CancellationToken cancellationToken = default);
}
