namespace DevOps.Pipelines;

/// <summary>The exit codes of a program; documented at <see cref="PipelineProgram.RunAsync"/>.</summary>
internal static class ProgramExit
{
    internal const int Success = 0;
    internal const int Failure = 1;
    internal const int Usage = 2;
    internal const int Waiting = 3;
    internal const int Cancelled = 130;

    internal static int Of(PipelineResult result) => result switch
    {
        { Waiting.Length: > 0 } => Waiting,
        { Outcome: Outcome.Cancelled } => Cancelled,
        { Outcome: Outcome.Failure or Outcome.TimedOut } => Failure,
        _ => Success,
    };
}
