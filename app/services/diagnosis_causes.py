"""Why a UKEY is not seen, or can't be used: each cause with a code that can be told on the telephone (E7).

The first digit is the layer, in the order in which layers fail. A code never changes its meaning.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.services.diagnosis import State
from app.words import N_


class Layer(StrEnum):
    """What has to work, from the plug up, for a UKEY to be seen and used."""

    SERVICE = "service"
    PERMISSION = "permission"
    READER = "reader"
    DRIVER = "driver"
    ARCHITECTURE = "architecture"
    MODEL = "model"
    BLANK = "blank"


LAYER_NAMES: Mapping[Layer, str] = {
    Layer.SERVICE: N_("读卡器服务"),
    Layer.PERMISSION: N_("使用权限"),
    Layer.READER: N_("USB 口"),
    Layer.DRIVER: N_("UKEY 驱动"),
    Layer.ARCHITECTURE: N_("驱动与系统"),
    Layer.MODEL: N_("UKEY 型号"),
    Layer.BLANK: N_("UKEY 内容"),
}


class Cause(NamedTuple):
    """One thing that can be wrong, and what to do, step by step; both may name data as `{name}`.

    `what` is empty where the problem's own message says it.
    """

    layer: Layer
    state: State
    what: str
    steps: tuple[str, ...]


_REPLUG = N_("拔下 UKEY，等 5 秒，再插到电脑上的另一个 USB 口（不要经过延长线或分线器）。")
_AGAIN = N_("再做一次诊断。")
_REINSTALL = N_("请维护人员卸载这个驱动，从厂家或发放单位取得最新的安装程序，重新安装，然后重启电脑。")
_TELL = N_("仍是这样时，请把故障代码告诉上级用户管理部门的维护人员。")

CAUSES: Mapping[str, Cause] = {
    "UK-11": Cause(
        Layer.SERVICE,
        State.FAULT,
        N_("插着的 UKEY 是智能卡式的，要靠读卡器服务（pcscd）才能用，可是这个服务没有运行。"),
        (
            N_("请维护人员安装读卡器服务：apt-get install pcscd"),
            N_("请维护人员启动它：systemctl enable --now pcscd.socket"),
            _REPLUG,
            _AGAIN,
        ),
    ),
    "UK-21": Cause(
        Layer.PERMISSION,
        State.FAULT,
        N_("读卡器服务在运行，但不接受当前用户。"),
        (
            N_("请坐在这台电脑前登录后使用，不要从别处远程登录。"),
            N_("必须远程使用的，请维护人员在 polkit（系统的授权规则）里允许这个用户：org.debian.pcsc-lite.access_pcsc"),
            _AGAIN,
        ),
    ),
    "UK-22": Cause(
        Layer.PERMISSION,
        State.FAULT,
        N_("当前用户没有权限连接读卡器服务。"),
        (N_("请维护人员重新安装读卡器服务：apt-get install --reinstall pcscd"), _AGAIN),
    ),
    "UK-23": Cause(
        Layer.PERMISSION,
        State.FAULT,
        N_("插着 {name}，但当前用户没有权限使用这个 USB 设备。"),
        (
            N_("请维护人员重新运行厂家的驱动安装程序：它会设好设备的权限（udev 规则）。"),
            _REPLUG,
            _AGAIN,
        ),
    ),
    "UK-31": Cause(
        Layer.READER,
        State.NOTE,
        N_("USB 口上没有看到认得出的 UKEY。"),
        (
            N_("请确认 UKEY 已经插到底，指示灯亮着。"),
            _REPLUG,
            N_("换一台电脑试试：别的电脑也看不到的，是 UKEY 坏了，请办理更换。"),
        ),
    ),
    "UK-32": Cause(
        Layer.READER,
        State.FAULT,
        N_("插着 {name}，但它还停在光盘模式，电脑只看到里面的安装光盘。"),
        (
            N_("请等 5 秒，它一般会自己切换过来。"),
            _REPLUG,
            N_("仍是这样时，请打开这张光盘，运行里面的安装程序，再插一次。"),
        ),
    ),
    "UK-33": Cause(
        Layer.READER,
        State.NOTE,
        N_("没有看到 UKEY。"),
        (
            N_("请确认 UKEY 已经插到底，指示灯亮着。"),
            _REPLUG,
            N_("仍看不到时，请看下面“UKEY 驱动”一项是否正常。"),
        ),
    ),
    "UK-40": Cause(
        Layer.DRIVER,
        State.NOTE,
        N_("软件 UKEY 的设置对当前用户不可用。"),
        (N_("只有演示和测试用得到它；要看演示的 UKEY，请加上 --office 和演示的文件夹。"),),
    ),
    "UK-41": Cause(
        Layer.DRIVER,
        State.FAULT,
        N_("没有安装任何 UKEY 驱动。"),
        (
            N_("请看 UKEY 的颜色和外壳上的型号，向发放单位取得它的驱动并安装。"),
            N_("驱动装在特别位置的，请系统管理员在本程序里登记它，再由安全管理员确认。"),
            N_("只想试用软件 UKEY 的，请维护人员安装：apt-get install softhsm2"),
            _AGAIN,
        ),
    ),
    "UK-42": Cause(
        Layer.DRIVER,
        State.FAULT,
        N_("插着 {name}，但没有它的驱动。"),
        (N_("请安装它的驱动，需要的文件：{files}"), _REPLUG, _AGAIN),
    ),
    "UK-43": Cause(
        Layer.DRIVER,
        State.FAULT,
        "",
        (N_("请确认驱动还装着，文件没有移走；不在了的，请重新安装。"), _AGAIN),
    ),
    "UK-44": Cause(Layer.DRIVER, State.FAULT, "", (_REINSTALL, _TELL)),
    "UK-45": Cause(Layer.DRIVER, State.FAULT, "", (_REPLUG, _REINSTALL, _TELL)),
    "UK-46": Cause(Layer.DRIVER, State.FAULT, "", (_REPLUG, _REINSTALL, _TELL)),
    "UK-47": Cause(
        Layer.DRIVER,
        State.FAULT,
        "",
        (N_("请关闭正在使用 UKEY 的其他程序（例如厂家的管理工具、浏览器）。"), _REPLUG, _REINSTALL, _TELL),
    ),
    "UK-48": Cause(Layer.DRIVER, State.FAULT, "", (N_("请关闭一些程序，再做一次诊断。"), _TELL)),
    "UK-49": Cause(Layer.DRIVER, State.FAULT, "", (N_("在查明以前，请不要在这台电脑上输入 PIN 码。"),)),
    "UK-51": Cause(
        Layer.ARCHITECTURE,
        State.FAULT,
        "",
        (
            N_("请向厂家或发放单位索取 {needed} 的驱动。"),
            N_("请维护人员卸载不相符的驱动，安装相符的那一种，然后重启电脑。"),
            _AGAIN,
        ),
    ),
    "UK-52": Cause(Layer.ARCHITECTURE, State.FAULT, "", (_REINSTALL, _AGAIN)),
    "UK-61": Cause(
        Layer.MODEL,
        State.FAULT,
        N_("插着 {name}，驱动也装了，但驱动不认识它。"),
        (
            _REPLUG,
            N_("请核对驱动是不是给这种颜色、这种型号的 UKEY 用的：外观相同的 UKEY，不同批次的驱动可能不同。"),
            _REINSTALL,
            _TELL,
        ),
    ),
    "UK-62": Cause(
        Layer.MODEL,
        State.NOTE,
        N_("看到了 UKEY（{name}，序列号 {serial}），但目录里没有这种型号。"),
        (N_("请核对它是不是本省发放的；是的，请把型号告诉省级维护人员，以便加入目录。"),),
    ),
    "UK-71": Cause(
        Layer.BLANK,
        State.NOTE,
        N_("{name} 是空白的，还没有初始化。"),
        (N_("下载证书以前，请管理员先准备这支 UKEY（设标签和初始 PIN 码）。"),),
    ),
    "UK-72": Cause(
        Layer.BLANK,
        State.NOTE,
        N_("{name}（序列号 {serial}）还没有设 PIN 码。"),
        (N_("下载证书以前，请管理员先准备这支 UKEY（设标签和初始 PIN 码）。"),),
    ),
    "UK-73": Cause(
        Layer.BLANK,
        State.FAULT,
        N_("{name}（序列号 {serial}）的 PIN 码已锁定。"),
        (N_("请不要再试 PIN 码。"), N_("请带 UKEY 到发放单位办理解锁。")),
    ),
    "UK-74": Cause(
        Layer.BLANK,
        State.NOTE,
        N_("{name}（序列号 {serial}）的 PIN 码输错过，剩下的次数不多了。"),
        (N_("没有把握请不要再试：连续输错，UKEY 会锁定。"), N_("忘记 PIN 码的，请带 UKEY 到发放单位办理。")),
    ),
    "UK-75": Cause(
        Layer.BLANK,
        State.FAULT,
        N_("{name}（序列号 {serial}）是写保护的，不能写入证书。"),
        (N_("请更换介质，或联系发放单位。"),),
    ),
    "UK-76": Cause(
        Layer.BLANK,
        State.NOTE,
        N_("{name}（序列号 {serial}）的 PIN 码需要修改。"),
        (N_("请本人先修改 PIN 码，再使用这支 UKEY。"),),
    ),
    "UK-77": Cause(
        Layer.BLANK,
        State.UNCHECKED,
        N_("{name}（序列号 {serial}）：看不到里面有没有密钥或证书。"),
        (_REPLUG, _AGAIN),
    ),
}
"""Code → cause."""

OF_PROBLEMS: Mapping[str, str] = {
    "library.changed": "UK-49",
    "token.library_absent": "UK-43",
    "token.library_failed": "UK-45",
    "token.library_machine": "UK-51",
    "token.library_refused": "UK-44",
    "token.library_unknown": "UK-52",
    "worker.died": "UK-46",
    "worker.memory": "UK-48",
    "worker.timeout": "UK-47",
}
"""What can be wrong with a library → code."""
