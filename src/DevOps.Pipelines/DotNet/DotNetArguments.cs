using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Collects the arguments of one <c>dotnet</c> command.</summary>
/// <remarks>Source: learn.microsoft.com, ".NET CLI overview" and the page of each command, SDK 10; MSBuild, "Escape special characters".</remarks>
internal sealed class DotNetArguments
{
    private readonly List<string> _arguments = [];

    private DotNetArguments(params string[] command) => _arguments.AddRange(command);

    internal static IReadOnlyList<string> Of(DotNetRestoreOptions options)
    {
        DotNetArguments arguments = new("restore");
        arguments.AddProject(options);
        foreach (string source in options.Sources)
        {
            arguments.Add("--source", source);
        }

        arguments.AddIf(options.LockedMode, "--locked-mode");
        return arguments.End(options);
    }

    internal static IReadOnlyList<string> Of(DotNetBuildOptions options)
    {
        DotNetArguments arguments = new("build");
        arguments.AddProject(options);
        arguments.AddCommon(options);
        arguments.AddSelfContained(options.SelfContained);
        arguments.Add("--output", options.Output);
        return arguments.End(options);
    }

    internal static IReadOnlyList<string> Of(DotNetPublishOptions options)
    {
        DotNetArguments arguments = new("publish");
        arguments.AddProject(options);
        arguments.AddCommon(options);
        arguments.AddIf(options.NoBuild, "--no-build");
        arguments.AddSelfContained(options.SelfContained);
        arguments.Add("--output", options.Output);
        return arguments.End(options);
    }

    internal static IReadOnlyList<string> Of(DotNetPackOptions options, string output)
    {
        DotNetArguments arguments = new("pack");
        arguments.AddProject(options);
        arguments.AddCommon(options);
        arguments.AddIf(options.NoBuild, "--no-build");
        if (options.IncludeSymbols)
        {
            arguments._arguments.AddRange(["--include-symbols", "-p:SymbolPackageFormat=snupkg"]);
        }

        arguments.Add("--output", output);
        return arguments.End(options);
    }

    internal static IReadOnlyList<string> Of(DotNetTestOptions options)
    {
        DotNetArguments arguments = new("test");
        bool isPlatform = options.Runner == DotNetTestRunner.TestingPlatform;
        if (isPlatform)
        {
            bool isSolution = Path.GetExtension(options.Project)?.ToUpperInvariant() is ".SLN" or ".SLNX" or ".SLNF";
            arguments.Add(isSolution ? "--solution" : "--project", options.Project);
        }
        else
        {
            arguments.AddProject(options);
        }

        arguments.AddCommon(options);
        arguments.AddIf(options.NoBuild, "--no-build");
        arguments.Add("--filter", options.Filter);
        arguments.Add("--results-directory", options.ResultsDirectory);
        foreach (string logger in options.Loggers)
        {
            if (isPlatform)
            {
                arguments._arguments.Add($"--report-{logger}");
            }
            else
            {
                arguments.Add("--logger", logger);
            }
        }

        return arguments.End(options);
    }

    internal static IReadOnlyList<string> Of(DotNetPushOptions options, string package, string? apiKey)
    {
        DotNetArguments arguments = new("nuget", "push", Operand(package));
        arguments.Add("--source", options.Source);
        arguments.Add("--api-key", apiKey);
        arguments.AddIf(options.SkipDuplicate, "--skip-duplicate");
        arguments.Add("--timeout", options.Timeout is { } timeout ? ((long)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);
        return arguments._arguments;
    }

    /// <summary>Writes a property so that MSBuild reads the very same value: it gives a meaning to some characters, and a hexadecimal way to write them.</summary>
    internal static string Property(string name, string value)
    {
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || name.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
        {
            throw new ArgumentException($"'{name}' is no name of an MSBuild property: a letter or '_', then letters, digits, '_', '-' and '.'.", nameof(name));
        }

        StringBuilder text = new($"-p:{name}=");
        foreach (char c in value)
        {
            if (c is '%' or '$' or '@' or '\'' or '(' or ')' or ';' or '?' or '*' or ',' or '"' or < ' ')
            {
                text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    // A path that begins as an option does would be read as one.
    private static string Operand(string path) => path.StartsWith('-') ? Path.Combine(".", path) : path;

    private void AddProject(DotNetOptions options)
    {
        if (options.Project is { } project)
        {
            _arguments.Add(Operand(project));
        }
    }

    private void AddCommon(DotNetProjectOptions options)
    {
        Add("--configuration", options.Configuration);
        Add("--framework", options.Framework);
        AddIf(options.NoRestore, "--no-restore");
        if (options.Version is { } version)
        {
            _arguments.Add(Property("Version", version.ToString()));
        }
    }

    private void AddSelfContained(bool? selfContained)
    {
        AddIf(selfContained == true, "--self-contained");
        AddIf(selfContained == false, "--no-self-contained");
    }

    private void Add(string name, string? value)
    {
        if (value is not null)
        {
            _arguments.AddRange([name, value]);
        }
    }

    private void AddIf(bool condition, string name)
    {
        if (condition)
        {
            _arguments.Add(name);
        }
    }

    private List<string> End(DotNetOptions options)
    {
        Add("--runtime", options.Runtime);
        Add("--verbosity", options.Verbosity?.ToString().ToLowerInvariant());
        foreach ((string name, string value) in options.Properties.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            _arguments.Add(Property(name, value));
        }

        _arguments.AddRange(options.AdditionalArguments);
        return _arguments;
    }
}
