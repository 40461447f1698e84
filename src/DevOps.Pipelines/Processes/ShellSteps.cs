namespace DevOps.Pipelines;

/// <summary>Steps that are scripts of a shell. Everything else runs without one.</summary>
public static class ShellSteps
{
    /// <summary>Runs a script in a shell and stops at its first command that fails; the script and its output go to the job's log.</summary>
    /// <param name="job">The job.</param>
    /// <param name="script">The script, of any number of lines and at most 127 KiB. It is passed as one argument (<c>bash -c</c>), so that nothing is left on the disk, and other users of the machine can see it while it runs.
    /// Never put a value from outside into it: give that in <see cref="ShellOptions.Arguments"/> or in the environment.</param>
    /// <param name="options">How; <see cref="ShellOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>What came out of it.</returns>
    /// <exception cref="ArgumentException">The script is empty, is too long or holds a zero character.</exception>
    /// <exception cref="ProcessStartException">The shell is not installed.</exception>
    /// <exception cref="ProcessFailedException">A command of the script failed.</exception>
    /// <exception cref="ProcessTimeoutException">The script took longer than it may.</exception>
    public static Task<ProcessResult> ShellAsync(this JobContext job, string script, ShellOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        ShellCommand command = ShellCommand.Of(script, options ?? ShellOptions.Default);
        return job.RunAsync(command.FileName, command.Arguments, command.Process);
    }
}
