using System.Collections.Immutable;
using System.IO.Enumeration;

namespace DevOps.Pipelines;

/// <summary>Which variables of the own program's environment a process takes over. Immutable.</summary>
public sealed class ProcessEnvironment
{
    private readonly ImmutableArray<string> _patterns;

    private ProcessEnvironment(ImmutableArray<string> patterns) => _patterns = patterns;

    /// <summary>Gets the rule that takes over every variable.</summary>
    public static ProcessEnvironment All { get; } = new(["*"]);

    /// <summary>Gets the rule that takes over none.</summary>
    public static ProcessEnvironment None { get; } = new([]);

    /// <summary>Gets the rule that takes over what most programs cannot do without and no secret is kept in: where programs, the home, temporary files and the system are, the user's name, the language and the time zone.</summary>
    /// <value>
    /// <c>PATH</c>, <c>HOME</c>, <c>USER</c>, <c>LOGNAME</c>, <c>SHELL</c>, <c>LANG</c>, <c>LANGUAGE</c>, <c>LC_*</c>, <c>TZ</c>, <c>TMPDIR</c>, <c>DOTNET_ROOT</c>, <c>DOTNET_ROOT_*</c>; and for Windows <c>PATHEXT</c>,
    /// <c>SYSTEMROOT</c>, <c>SYSTEMDRIVE</c>, <c>WINDIR</c>, <c>COMSPEC</c>, <c>TEMP</c>, <c>TMP</c>, <c>USERNAME</c>, <c>USERPROFILE</c>, <c>HOMEDRIVE</c>, <c>HOMEPATH</c>, <c>APPDATA</c>, <c>LOCALAPPDATA</c>, <c>PROGRAMDATA</c>,
    /// <c>PROGRAMFILES</c>, <c>PROGRAMFILES(X86)</c>, <c>PROGRAMW6432</c>, <c>COMMONPROGRAMFILES</c>, <c>NUMBER_OF_PROCESSORS</c>, <c>PROCESSOR_ARCHITECTURE</c>, <c>OS</c>.
    /// </value>
    public static ProcessEnvironment Minimal { get; } = new(
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_*",
        "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP", "USERNAME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
        "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "COMMONPROGRAMFILES", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS",
    ]);

    /// <summary>Gets the names of the variables; in a name, <c>*</c> stands for any characters and <c>?</c> for one.</summary>
    public ImmutableArray<string> Names => _patterns;

    /// <summary>Returns the rule that takes over the named variables and no others.</summary>
    /// <param name="names">The names; <c>*</c> stands for any characters, as in <c>LC_*</c>, and <c>?</c> for one.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static ProcessEnvironment Only(params IEnumerable<string> names) => None.With(names);

    /// <summary>Returns the rule that takes over the named variables as well.</summary>
    /// <param name="names">The names; <c>*</c> stands for any characters, as in <c>LC_*</c>, and <c>?</c> for one.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public ProcessEnvironment With(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ImmutableArray<string> added = [.. names];
        foreach (string name in added)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(names));
        }

        return new(_patterns.AddRange(added));
    }

    /// <summary>Tells whether a variable is taken over. The case of a name counts, but for Windows.</summary>
    /// <param name="name">The variable's name.</param>
    public bool Includes(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (string pattern in _patterns)
        {
            // The matcher knows '\' as an escape; no variable's name has one.
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: OperatingSystem.IsWindows()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the names.</summary>
    public override string ToString() => string.Join(' ', _patterns);
}
