namespace DevOps.Pipelines;

/// <summary>Asks the person at the terminal for a parameter. A secret is not asked for: what is typed would be seen.</summary>
internal sealed class ParameterPrompt(PipelineTerminal terminal) : IParameterPrompt
{
    public async ValueTask<string?> AskAsync(Parameter parameter, string? problem, CancellationToken cancellationToken = default)
    {
        if (parameter.IsSecret)
        {
            return null;
        }

        if (problem is not null)
        {
            await terminal.Output.WriteLineAsync(ViewText.Line(problem)).ConfigureAwait(false);
        }

        string choices = parameter.Choices.IsEmpty ? "" : $", one of {string.Join(", ", parameter.Choices)}";
        await terminal.Output.WriteAsync(ViewText.Line($"{parameter.Name} ({parameter.Kind}{choices}), {parameter.Description}: ")).ConfigureAwait(false);
        await terminal.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await terminal.Input!.ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }
}
