using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Finds the values of parameters for a program.</summary>
internal static class ProgramParameters
{
    /// <summary>Returns the options with what the command line, a file, the environment and a person say.</summary>
    internal static async Task<RunOptions> ReadAsync(ProgramContext context, RunOptions options, CancellationToken cancellationToken)
    {
        ProgramArguments arguments = context.Arguments;
        bool goesOn = arguments.Resumes || arguments.From is not null;

        // A run that goes on, or a restart, has the recorded values: what the program begins with must not take their place.
        ImmutableDictionary<string, string> given = goesOn ? ImmutableDictionary<string, string>.Empty : options.Parameters;
        foreach ((string name, string text) in arguments.Parameters)
        {
            // The command line goes before what the program begins with, however the name is written.
            string[] same = [.. given.Keys.Where(key => ParameterNames.Normalize(key) == ParameterNames.Normalize(name))];
            given = given.RemoveRange(same).SetItem(NameOf(context.Pipeline, name), text);
        }

        if (goesOn)
        {
            // What the run began with stands in its journal; only secrets are looked for anew.
            ImmutableArray<Parameter> secrets = [.. context.Pipeline.Parameters.Where(parameter => parameter.IsSecret)];
            Dictionary<string, Secret> found = [];
            foreach (Parameter parameter in secrets)
            {
                if ((ValueOf(given, parameter.Name) ?? context.Terminal.Variable(VariableOf(context.Calls, parameter))) is { Length: > 0 } text)
                {
                    found[ParameterNames.Normalize(parameter.Name)] = new(text, parameter.Name);
                }
            }

            ISecretSource[] sources = options.Secrets is { } more ? [new FoundSecrets(found), more] : [new FoundSecrets(found)];
            return options with
            {
                Parameters = given.RemoveRange(given.Keys.Where(key => secrets.Any(secret => ParameterNames.Normalize(secret.Name) == ParameterNames.Normalize(key)))),
                Secrets = new ChainedSecrets(sources),
            };
        }

        ParameterInput input = await context.Pipeline.ReadParametersAsync(
            new()
            {
                CommandLine = [.. given],
                File = arguments.ParameterFile,
                Profile = arguments.Profile,
                Environment = context.Terminal.Variables!,
                EnvironmentPrefix = context.Calls.Options.EnvironmentPrefix,
                Secrets = options.Secrets,
                Prompt = context is { Terminal: { IsInteractive: true, Input: not null }, IsJson: false } && arguments.Command == ProgramCommand.Run ? new ParameterPrompt(context.Terminal) : null,
            },
            cancellationToken).ConfigureAwait(false);
        return options with { Parameters = input.Texts, Secrets = input.Secrets };
    }

    // As the journal has it, so that the one takes the place of the other.
    private static string NameOf(Pipeline pipeline, string name) => pipeline.Parameters.FirstOrDefault(parameter => ParameterNames.Normalize(parameter.Name) == ParameterNames.Normalize(name))?.Name ?? name;

    internal static string VariableOf(ProgramCalls calls, Parameter parameter) => calls.Options.EnvironmentPrefix + parameter.Name.Replace('-', '_').ToUpperInvariant();

    private static string? ValueOf(ImmutableDictionary<string, string> given, string name) =>
        given.Where(pair => ParameterNames.Normalize(pair.Key) == ParameterNames.Normalize(name)).Select(pair => pair.Value).FirstOrDefault();
}
