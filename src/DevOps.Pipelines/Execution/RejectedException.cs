namespace DevOps.Pipelines;

/// <summary>Carries from an approval's wait how it ended, when it did not end well.</summary>
internal sealed class RejectedException(Outcome outcome, string message) : Exception(message)
{
    internal Outcome Outcome => outcome;
}
