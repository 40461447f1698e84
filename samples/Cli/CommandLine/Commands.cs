using System.Collections.Immutable;

namespace Cli;

/// <summary>Every command there is.</summary>
internal static class Commands
{
    internal static ImmutableArray<Command> All { get; } =
    [
        PackCommand.Command,
        UnpackCommand.Command,
        TarListCommand.Command,
        ImageBuildCommand.Command,
        CopyCommand.Command,
        MirrorCommand.Command,
        TagsCommand.Command,
        InspectCommand.Command,
        ReferrersCommand.Command,
        DeleteCommand.Command,
        LoginCommand.Command,
        LogoutCommand.Command,
        ServeCommand.Command,
    ];

    /// <summary>Finds the command that words begin with.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal static Command Find(string[] args) =>
        All.FirstOrDefault(command => command.IsCalled(args))
        ?? (All.Where(command => command.Words.Length > 1 && command.Words[0] == args[0]).ToArray() is { Length: > 0 } begun
            ? throw new UsageException($"'{args[0]}' is half a command: write {string.Join(" or ", begun.Select(command => $"'{command.Name}'"))}.")
            : throw new UsageException($"'{args[0]}' is not a command.{Similar.Hint(args[0], All.Select(command => command.Words[0]))}"));
}
