namespace DevOps.Pipelines;

/// <summary>Tells how a secret can be given that is missing; other parameters explain themselves.</summary>
internal static class ParameterHints
{
    internal static string Told(ProgramCalls calls, ParameterException error)
    {
        string? missing = error.Problems.FirstOrDefault(problem => problem.StartsWith("missing: ", StringComparison.Ordinal));
        IEnumerable<string> hints = missing is null ? [] : calls.Pipeline.Parameters
            .Where(parameter => parameter is { IsSecret: true, IsRequired: true } && missing.Contains($"'{parameter.Name}' ", StringComparison.Ordinal))
            .Select(parameter => $"give the secret '{parameter.Name}' with the variable {ProgramParameters.VariableOf(calls, parameter)}, or from a file with --{parameter.Name} \"$(cat FILE)\", which others on the machine may see; a file of '--params' never holds secrets");
        return string.Join('\n', hints.Prepend(error.Message));
    }
}
