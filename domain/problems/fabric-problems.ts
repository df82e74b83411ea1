/** Refusals: making and running a Fabric network. */
import { meaning, type ProblemMeaning } from './meaning.js';

export const FABRIC_PROBLEMS = {
  // ---- the network of peers and orderers
  FABRIC_PROGRAM_MISSING: meaning('unavailable', 'Thiếu chương trình của Hyperledger Fabric; hãy cài bản phát hành đã nêu rồi đặt FABRIC_BIN hoặc PATH.', 'Programs of Hyperledger Fabric are missing; install the release that is named, and set FABRIC_BIN or the PATH.'),
  FABRIC_PROGRAM_UNFIT: meaning('unavailable', 'Chương trình Fabric tìm thấy không đúng phiên bản cần dùng.', 'A program of Fabric was found, but not of the release that is needed.'),
  FABRIC_COMMAND_FAILED: meaning('unavailable', 'Một lệnh của Fabric thất bại.', 'A command of Fabric failed.'),
  FABRIC_PROCESS_ENDED: meaning('unavailable', 'Một tiến trình của mạng đã dừng khi đang khởi động; hãy xem nhật ký của nó.', 'A process of the network ended while it was starting; its log says why.'),
  FABRIC_NOT_READY: meaning('unavailable', 'Mạng chưa sẵn sàng trong thời hạn; hãy xem nhật ký.', 'The network was not ready in time; see the logs.'),
  FABRIC_PORT_TAKEN: meaning('unavailable', 'Cổng mạng đang bị chương trình khác dùng; hãy tắt chương trình đó hoặc tạo mạng với FABRIC_PORT_BASE khác.', 'A port is used by another program; end that one, or make the network with another FABRIC_PORT_BASE.'),
  FABRIC_SETTINGS_DIFFER: meaning('conflict', 'Mạng trong thư mục này được tạo với cấu hình khác; hãy bỏ cấu hình đó hoặc dùng FABRIC_NETWORK khác.', 'The network in this folder was made with other settings; leave them out, or choose another FABRIC_NETWORK.'),
  FABRIC_FOLDER_FOREIGN: meaning('refused', 'Thư mục này chứa dữ liệu khác, không phải một mạng Fabric.', 'The folder holds something else, not a Fabric network.'),
  FABRIC_BUSY: meaning('conflict', 'Một lệnh khác đang làm việc với mạng này; hãy đợi lệnh đó xong.', 'Another command is working on this network; wait until it is done.'),
  FABRIC_KEPT_ELSEWHERE: meaning('conflict', 'Các tiến trình nêu ở đây của mạng vẫn chạy, do systemd hoặc trình quản lý container giữ; hãy dừng chúng ở đó trước.', 'The processes that are named here still run, kept by systemd or a container engine; stop them there first.'),
  FABRIC_NETWORK_MISSING: meaning('not-found', 'Chưa có mạng Fabric trong thư mục này; hãy chạy fabric:up.', 'There is no Fabric network in this folder yet; run fabric:up.'),
  FABRIC_CODE_DIFFERENT: meaning('refused', 'Mã của chaincode ở đây khác với mã đã được chấp thuận.', 'The chaincode here is not the code that was approved.'),
  // ---- a network on several machines
  FABRIC_PLAN_WRONG: meaning('malformed', 'Kế hoạch mạng không đọc được hoặc thiếu thông tin; mục nêu ở đây phải sửa.', 'The plan of the network cannot be read, or lacks something; what is named here has to be mended.'),
  FABRIC_PLAN_DIFFERENT: meaning('conflict', 'Máy này hoặc tệp này theo một kế hoạch mạng khác; mọi máy phải dùng cùng một kế hoạch.', 'This machine or this file follows another plan of the network; all machines have to use the same one.'),
  FABRIC_PART_WRONG: meaning('refused', 'Tệp của tổ chức này không hợp lệ: nội dung hoặc chứng thư không đúng như mục nêu ở đây.', 'The file is not what it should be: its content or its certificates are not as named here.'),
  FABRIC_PART_DIFFERENT: meaning('conflict', 'Máy này đã nhận phần công khai khác của tổ chức này; hãy đọc dấu vân tay qua điện thoại, rồi xóa phần sai và nhận lại.', 'This machine has another public part of the organisation; compare the fingerprints by telephone, remove the wrong one and take the right one.'),
  FABRIC_REQUESTS_DIFFERENT: meaning('refused', 'Tệp yêu cầu cấp chứng thư không có dấu vân tay đã nêu: không phải tệp mà máy kia tạo ra. Hãy đọc lại dấu vân tay qua điện thoại; nếu vẫn khác, tệp đã bị thay trên đường đi.', 'The requests do not have the fingerprint that was given: this is not the file that the other machine wrote. Compare by telephone once more; if it differs still, the file was exchanged on its way.'),
  FABRIC_BLOCK_DIFFERENT: meaning('conflict', 'Khối 0 ở máy này không phải khối tạo từ các phần công khai đang có; hãy so dấu vân tay với các tổ chức khác.', 'Block 0 on this machine is not the one that the public parts here make; compare the fingerprints with the other organisations.'),
  FABRIC_HOST_INCOMPLETE: meaning('conflict', 'Máy này còn thiếu những gì được nêu; hãy làm các bước còn thiếu rồi chạy lại.', 'This machine lacks what is named here; do the missing steps, then run the command again.'),
  FABRIC_OWNER_UNFIT: meaning('refused', 'Thư mục mạng thuộc về root; các nút phải chạy bằng tài khoản hệ thống riêng: hãy đổi chủ thư mục (chown) rồi chạy lại bằng tài khoản đó.', 'The folder of the network belongs to root, and the nodes should have a system user of their own: give the folder to one (chown), and run the command as that user.'),
  // ---- changes of the channel
  FABRIC_CHANGE_UNREADABLE: meaning('refused', 'Tệp này không phải là thay đổi cấu hình kênh đọc được.', 'This is no change of the channel that can be read.'),
  FABRIC_CHANGE_UNCONFIRMED: meaning('refused', 'Chưa ký: hãy đọc thay đổi được hiển thị, rồi chạy lại lệnh với dấu vân tay của chính thay đổi đó.', 'Nothing was signed: read the change as it is shown, then give the command again with the fingerprint of this very change.'),
  FABRIC_NETWORK_SPREAD: meaning('conflict', 'Mạng chạy trên nhiều máy: quản trị viên các tổ chức phải ký thay đổi được gửi dưới dạng tệp (fabric:change).', 'The network runs on several machines: the change has to travel as a file that the administrators sign (fabric:change).'),
  FABRIC_ORGANISATION_UNKNOWN: meaning('not-found', 'Kênh không có tổ chức này.', 'The channel has no such organisation.'),
  FABRIC_ORGANISATION_ORDERS: meaning('conflict', 'Tổ chức này còn vận hành một nút sắp thứ tự; phải giao nút đó cho tổ chức khác trước.', 'The organisation still runs an orderer; that has to be handed to another one first.'),
  FABRIC_ORGANISATION_KNOWN: meaning('conflict', 'Kênh đã có tổ chức này.', 'The channel has this organisation already.'),
  FABRIC_ORGANISATION_NAME_WRONG: meaning('malformed', 'Mã tổ chức phải bắt đầu bằng chữ hoa, chỉ gồm chữ và số, và kết thúc bằng MSP.', 'The id of an organisation begins with a capital, has letters and digits alone, and ends with MSP.'),
  FABRIC_ADMINISTRATOR_MISSING: meaning('unavailable', 'Máy này không giữ khóa quản trị viên của tổ chức nào.', 'This machine holds the key of no organisation\'s administrator.'),
  FABRIC_ORDERER_UNKNOWN: meaning('not-found', 'Cấu hình kênh không có nút sắp thứ tự này.', 'The configuration of the channel has no such orderer.'),
} as const satisfies Record<string, ProblemMeaning>;
