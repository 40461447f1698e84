namespace DevOps.Archives.Packing;

/// <summary>The stage that writes content to the output as it is.</summary>
internal sealed class StreamStage(PackOutput output) : PackStage
{
    protected override Task TakeAsync(PackBuffer buffer, PackRun run) => output.WriteAsync(buffer.Memory.Memory[..buffer.Length], buffer.Length, run.Stopping);

    protected override Task EndAsync(PackRun run) => Task.CompletedTask;
}
