namespace DevOps.Pipelines;

/// <summary>Asks a person for the value of a parameter.</summary>
public interface IParameterPrompt
{
    /// <summary>Asks once.</summary>
    /// <param name="parameter">What is asked for, with its kind, choices and description. What is typed for one that <see cref="Parameter.IsSecret"/> must not be shown.</param>
    /// <param name="problem">What was wrong with the answer before, or <see langword="null"/> when it is the first time.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    /// <returns>The answer as it was typed; <see langword="null"/> or empty if there is none.</returns>
    ValueTask<string?> AskAsync(Parameter parameter, string? problem, CancellationToken cancellationToken = default);
}
