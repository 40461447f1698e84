using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class DiskErrorTests
{
    [Fact]
    public void IsTaken_FileOfSomebodyElse_AndNothingElse()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("lock");
        using FolderLock held = FolderLock.Enter(path);
        Assert.True(DiskError.IsTaken(Assert.Throws<IOException>(() => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))));
        Assert.False(DiskError.IsTaken(Assert.Throws<DirectoryNotFoundException>(() => new FileStream(directory.PathOf("no/lock"), FileMode.OpenOrCreate))));
        Assert.False(DiskError.IsTaken(Assert.Throws<PathTooLongException>(() => new FileStream(directory.PathOf(new string('x', 300)), FileMode.OpenOrCreate))));
    }

    [Fact]
    public void DiskWithoutRoom_IsFullAndNotTaken()
    {
        using SmallDisk disk = SmallDisk.Mount("size=64k,nr_inodes=3");
        using FileStream file = new(Path.Combine(disk.Path, "one"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        IOException noRoom = Assert.Throws<IOException>(() => file.Write(new byte[1 << 20]));
        File.WriteAllText(Path.Combine(disk.Path, "two"), "");

        // A lock that waited here would wait for nobody.
        IOException noFile = Assert.Throws<IOException>(() => FolderLock.Enter(Path.Combine(disk.Path, "three")));
        Assert.Equal((true, true, false, false), (DiskError.IsFull(noRoom), DiskError.IsFull(noFile), DiskError.IsTaken(noRoom), DiskError.IsTaken(noFile)));
    }
}
