using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads the command line of a program. Values are never repeated in errors where they could be secrets.</summary>
internal sealed class ArgumentReader(Pipeline pipeline, ProgramOptions options, string[] args)
{
    private static readonly string[] Once =
    [
        "resume", "from", "in-doubt", "parallel", "timeout", "max", "by", "comment", "params", "profile",
    ];

    private static readonly string[] Known =
    [
        .. Once, "list", "plan", "tree", "mermaid", "dry-run", "only", "skip", "without-needs", "param", "fail-fast", "quiet", "plain", "verbose", "json", "no-store", "leave-at-approval", "input", "group", "help", "version",
    ];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];
    private ProgramArguments _read = new();
    private int _at;

    /// <exception cref="UsageException">It cannot be understood.</exception>
    internal ProgramArguments Read()
    {
        bool onlyWords = false;
        while (_at < args.Length)
        {
            string arg = args[_at++] ?? "";
            if (onlyWords || arg is "" or "-" || arg[0] != '-')
            {
                _words.Add(arg);
            }
            else if (arg == "--")
            {
                onlyWords = true;
            }
            else
            {
                ReadOption(arg == "-h" ? "--help" : arg);
            }
        }

        return new ArgumentCheck(_read, _seen, _words).Complete();
    }

    private void ReadOption(string arg)
    {
        int equals = arg.IndexOf('=', StringComparison.Ordinal);
        string shown = equals < 0 ? arg : arg[..equals];
        string? attached = equals < 0 ? null : arg[(equals + 1)..];
        string name = shown.StartsWith("--", StringComparison.Ordinal) ? shown[2..] : "";
        if (!Known.Contains(name) || (name == "version" && options.Version is null))
        {
            ReadParameter(shown, name, attached);
            return;
        }

        if (!_seen.Add(name) && Once.Contains(name))
        {
            throw new UsageException($"'{shown}' can be given once.");
        }

        if (name == "resume")
        {
            // A run id starts with a digit or a letter, an option with a dash.
            bool hasRun = attached is null && _at < args.Length && args[_at] is { Length: > 0 } next && next[0] != '-';
            _read = _read with { Resumes = true, RunId = attached ?? (hasRun ? args[_at++] : null) };
            return;
        }

        if (Flag(name) is { } changed)
        {
            _read = attached is null ? changed : throw new UsageException($"'{shown}' takes no value.");
            return;
        }

        _read = Valued(shown, name, attached ?? Next(shown));
    }

    private ProgramArguments? Flag(string name) => name switch
    {
        "list" => With(ProgramCommand.List),
        "plan" => With(ProgramCommand.Plan),
        "tree" => With(ProgramCommand.Tree),
        "mermaid" => With(ProgramCommand.Mermaid),
        "dry-run" => With(ProgramCommand.DryRun),
        "help" => _read with { Command = ProgramCommand.Help },
        "version" => With(ProgramCommand.Version),
        "without-needs" => _read with { WhatIsNeeded = NeededJobs.LeaveOut },
        "fail-fast" => _read with { AfterFailure = AfterFailure.Stop },
        "quiet" => With(ProgramView.Quiet),
        "plain" => With(ProgramView.Plain),
        "verbose" => With(ProgramView.Verbose),
        "json" => With(ProgramView.Json),
        "no-store" => _read with { KeepsNothing = true },
        "leave-at-approval" => _read with { AtApproval = AtApproval.Leave },
        _ => null,
    };

    private ProgramArguments Valued(string shown, string name, string value) => name switch
    {
        "only" => _read with { Only = _read.Only.Add(value) },
        "skip" => _read with { Skip = _read.Skip.Add(value) },
        "from" => _read with { From = value },
        "in-doubt" => _read with
        {
            InDoubt = value switch
            {
                "rerun" => InDoubtAnswer.Rerun,
                "fail" => InDoubtAnswer.Fail,
                _ => throw new UsageException($"'{shown}' is 'rerun' or 'fail', not '{value}'."),
            },
        },
        "parallel" => _read with { Parallel = Number(shown, value) },
        "max" => _read with { Max = Number(shown, value) },
        "timeout" => _read with { Timeout = TimeText.TryParse(value, out TimeSpan time) ? time : throw new UsageException($"'{shown}' is a time as 90s, 30m or 2h, of at most 49 days, not '{value}'.") },
        "params" => _read with { ParameterFile = value },
        "profile" => _read with { Profile = value },
        "by" => _read with { By = value },
        "group" => _read with { Groups = _read.Groups.Add(value) },
        "comment" => _read with { Comment = value },
        "input" => _read with { Inputs = Add(_read.Inputs, shown, value) },
        _ => _read with { Parameters = Add(_read.Parameters, shown, value) },
    };

    private void ReadParameter(string shown, string name, string? attached)
    {
        Parameter? parameter = name.Length == 0 ? null : pipeline.Parameters.FirstOrDefault(parameter => ParameterNames.Normalize(parameter.Name) == ParameterNames.Normalize(name));
        if (parameter is null)
        {
            string[] names = [.. Known.Where(known => known != "version" || options.Version is not null).Concat(pipeline.Parameters.Select(parameter => parameter.Name)).Select(known => $"--{known}")];
            throw new UsageException($"'{shown}' is not an option{SimilarNames.Hint(shown, names)}.");
        }

        _seen.Add(name);

        // A yes or no is said by being there.
        bool isYesOrNo = parameter.Choices.Length == 2 && parameter.Choices.Contains("true") && parameter.Choices.Contains("false");
        string value = attached ?? (isYesOrNo && !(_at < args.Length && args[_at] is "true" or "false") ? "true" : Next(shown));
        _read = _read with { Parameters = AddOnce(_read.Parameters, shown, parameter.Name, value) };
    }

    private string Next(string shown) => _at < args.Length && args[_at] is { Length: > 0 } value && !value.StartsWith("--", StringComparison.Ordinal)
        ? args[_at++]
        : throw new UsageException($"'{shown}' needs a value.");

    private static int Number(string shown, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
        ? number
        : throw new UsageException($"'{shown}' is a number above 0, not '{value}'.");

    private static ImmutableDictionary<string, string> Add(ImmutableDictionary<string, string> to, string shown, string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? AddOnce(to, shown, pair[..equals], pair[(equals + 1)..]) : throw new UsageException($"'{shown}' needs NAME=VALUE.");
    }

    private static ImmutableDictionary<string, string> AddOnce(ImmutableDictionary<string, string> to, string shown, string name, string value) =>
        to.Keys.Any(key => ParameterNames.Normalize(key) == ParameterNames.Normalize(name))
            ? throw new UsageException($"'{(shown is "--param" or "--input" ? $"{shown} {name}" : shown)}' can be given once.")
            : to.Add(name, value);

    private ProgramArguments With(ProgramCommand command) => _read.Command is ProgramCommand.Run or ProgramCommand.Help || _read.Command == command
        ? _read with { Command = _read.Command == ProgramCommand.Help ? ProgramCommand.Help : command }
        : throw new UsageException("Of '--list', '--plan', '--tree', '--mermaid' and '--dry-run', one can be given.");

    private ProgramArguments With(ProgramView view) => _read.View is ProgramView.Best || _read.View == view
        ? _read with { View = view }
        : throw new UsageException("Of '--quiet', '--plain', '--verbose' and '--json', one can be given.");
}
