using System.Runtime.InteropServices;
using Cli;
using DevOps;

const int Failure = 1;
const int Usage = 2;
const int Cancelled = 130;

string usage = $"""
    usage: devops COMMAND [--json]

      {PackCommand.Usage}
      {UnpackCommand.Usage}
      {TarListCommand.Usage}
      {ImageBuildCommand.Usage}
      {CopyCommand.Usage}
      {MirrorCommand.Usage}
      {TagsCommand.Usage}
      {InspectCommand.Usage}
      {ReferrersCommand.Usage}
      {DeleteCommand.Usage}
      {LoginCommand.Usage}
      {LogoutCommand.Usage}
      {ServeCommand.Usage}

    SOURCE and TARGET: oci:PATH[:TAG], docker-archive:FILE, or a reference into a registry, as ghcr.io/team/api:1.4
    image build sends a layer while it is made, and again each time; with --cache what did not change is sent only where it is missing
    --cache keeps what was packed in a folder, which may be removed at any time; a file that it gives out is read-only and one with its own. --cache-lookup content is for fresh checkouts
    --platform copies some images of an index, in a new index with a digest of its own; --dry-run says what would be done
    --journal lets a mirror that was cut off go on, and remembers the digests of new indexes
    credentials are those that docker login, podman login and login here stored
    --name is the name that an archive gives the image, as docker load shows it
    --insecure names a registry that may be spoken to without TLS; registries on loopback need it not
    --json prints one JSON object; exit codes: 0 done, 1 failed, 2 not understood, 130 stopped
    """;

if (args is [] or ["--help"] or ["-h"] or ["help"])
{
    (args.Length == 0 ? Console.Error : Console.Out).WriteLine(usage);
    return args.Length == 0 ? Usage : 0;
}

if (args.Contains("--help"))
{
    Console.WriteLine(usage);
    return 0;
}

using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

Output output = new(args.Contains("--json"));
Output OutputFor(bool json) => output = new(json);
try
{
    return await (args switch
    {
        ["pack", .. var words] => PackCommand.RunAsync(words, OutputFor, stop.Token),
        ["unpack", .. var words] => UnpackCommand.RunAsync(words, OutputFor, stop.Token),
        ["tar", "list", .. var words] => TarListCommand.RunAsync(words, OutputFor, stop.Token),
        ["image", "build", .. var words] => ImageBuildCommand.RunAsync(words, OutputFor, stop.Token),
        ["copy", .. var words] => CopyCommand.RunAsync(words, OutputFor, stop.Token),
        ["mirror", .. var words] => MirrorCommand.RunAsync(words, OutputFor, stop.Token),
        ["tags", .. var words] => TagsCommand.RunAsync(words, OutputFor, stop.Token),
        ["inspect", .. var words] => InspectCommand.RunAsync(words, OutputFor, stop.Token),
        ["referrers", .. var words] => ReferrersCommand.RunAsync(words, OutputFor, stop.Token),
        ["delete", .. var words] => DeleteCommand.RunAsync(words, OutputFor, stop.Token),
        ["login", .. var words] => LoginCommand.RunAsync(words, OutputFor, stop.Token),
        ["logout", .. var words] => LogoutCommand.RunAsync(words, OutputFor, stop.Token),
        ["serve", .. var words] => ServeCommand.RunAsync(words, OutputFor, stop.Token),
        _ => throw new UsageException($"'{args[0]}' is not a command."),
    });
}
catch (UsageException e)
{
    return output.Error(Usage, "usage", $"{e.Message} 'devops --help' lists the commands.");
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return output.Error(Cancelled, "cancelled", "stopped");
}
catch (UnauthorizedAccessException e)
{
    return output.Error(Failure, "access", $"{e.Message} Check its permissions, or run as a user who may use it.");
}
catch (IOException e) when (ErrorText.IsDiskFull(e))
{
    return output.Error(Failure, "disk-full", $"{e.Message.TrimEnd('.')}. Make room there, or write elsewhere{(args[0] == "unpack" ? "; what was unpacked before stays." : "; nothing half-written was left.")}");
}
catch (Exception e) when (e is DevOpsException or IOException or ArgumentException or InvalidDataException)
{
    return output.Error(Failure, "failed", ErrorText.Of(e));
}
