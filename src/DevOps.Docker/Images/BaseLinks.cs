namespace DevOps.Docker;

/// <summary>What to do when a layer would replace a symbolic link of its base by a directory.</summary>
public enum BaseLinks
{
    /// <summary>
    /// It is a <see cref="BaseLinkException"/>: where <c>/lib</c> leads to <c>usr/lib</c>, a directory of that name hides all that was reached through it. Deleting the link in the same layer says that it is meant.
    /// Known only for a base whose layers are on this machine as plain tar or gzip; nothing is fetched from a registry for this. A base whose links take more than 32 MiB of names is not checked.
    /// </summary>
    Refuse,

    /// <summary>It is replaced. The base's layers are not read.</summary>
    Replace,
}
